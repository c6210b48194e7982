"""``/me/`` and ``/tokens/``: the signed-in person."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import grants_in_force
from pmo_portal.accounts.services import people, tokens
from pmo_portal.api.models import ApiToken, TokenScopeChoice


class HeldRoleSerializer(serializers.Serializer):
    """A role the person holds now."""

    role = serializers.CharField()
    scope = serializers.CharField(source="node.title")
    scope_kind = serializers.CharField(source="node.kind")
    scope_id = serializers.IntegerField(source="node_id")


class MeSerializer(serializers.ModelSerializer):
    """The signed-in person."""

    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "email", "name", "language", "theme", "roles"]

    @extend_schema(responses=HeldRoleSerializer(many=True))
    def get_roles(self, user: User) -> list[dict[str, Any]]:
        """Return the roles held today. One query."""
        grants = grants_in_force(user).select_related("node").order_by("node__path", "role")
        return HeldRoleSerializer(grants, many=True).data


class MeInput(serializers.ModelSerializer):
    """What people change about themselves."""

    class Meta:
        model = User
        fields = ["name", "language", "theme"]


class MeView(APIView):
    """The signed-in person and the roles they hold."""

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Return name, settings and roles."""
        return Response(MeSerializer(request.user).data)

    @extend_schema(request=MeInput, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change name, language or theme."""
        sent = MeInput(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        user = people.edit_own_profile(actor=request.user, changes=sent.validated_data)
        return Response(MeSerializer(user).data)


class TokenSerializer(serializers.ModelSerializer):
    """A token without its secret."""

    id = serializers.CharField(source="token_key", read_only=True)
    created_at = serializers.DateTimeField(source="created", read_only=True)
    expires_at = serializers.DateTimeField(source="expiry", read_only=True, allow_null=True)

    class Meta:
        model = ApiToken
        fields = ["id", "name", "scope", "created_at", "expires_at", "last_used_at"]


class NewTokenSerializer(TokenSerializer):
    """A new token with its secret, which cannot be shown again."""

    token = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]


class TokenInput(serializers.Serializer):
    """What a new token shall be."""

    name = serializers.CharField(max_length=80)
    scope = serializers.ChoiceField(choices=TokenScopeChoice.choices, default="READ")
    days = serializers.IntegerField(min_value=1, max_value=tokens.MAX_DAYS, default=90)


class TokenViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet
):
    """The person's own API tokens."""

    serializer_class = TokenSerializer
    lookup_field = "token_key"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-f]{8,32}"
    queryset = ApiToken.objects.none()

    def get_queryset(self) -> Any:
        """Own tokens only."""
        return tokens.tokens_of(self.request.user)

    @extend_schema(request=TokenInput, responses={201: NewTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token; the answer shows its secret this once. Not repeatable by Idempotency-Key."""
        sent = TokenInput(data=request.data)
        sent.is_valid(raise_exception=True)
        made = tokens.create_token(actor=request.user, user=request.user, **sent.validated_data)
        body = {**TokenSerializer(made.token).data, "token": made.secret}
        return Response(body, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: ApiToken) -> None:
        """Revoke the token."""
        tokens.revoke_token(actor=self.request.user, token=instance)
