"""``/people/``, ``/org-units/`` and ``/grants/``."""

from typing import Any

from django_filters.rest_framework import FilterSet, NumberFilter
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.choices import Discipline, Role
from pmo_portal.accounts.models import OrgUnit, Person, RoleGrant, ScopeNode, User
from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.accounts.selectors.grants import grants_visible_to, nodes_to_grant_on, people_to_grant_to
from pmo_portal.accounts.selectors.people import people_visible_to
from pmo_portal.accounts.services import grants, people, units
from pmo_portal.api.concurrency import VersionedMixin
from pmo_portal.api.idempotency import idempotent
from pmo_portal.api.views.people_access import PersonAccess

NUMBER = "[0-9]{1,18}"


class EditsPeople(BasePermission):
    """Reading as the queryset says; writing for those who administer people."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask for ``user.edit`` before anything is written."""
        return request.method in {"GET", "HEAD", "OPTIONS"} or bool(
            held_permissions(request.user, ["user.edit"])
        )


class SeesPeople(BasePermission):
    """For those who see all people."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask for ``user.view``."""
        return bool(held_permissions(request.user, ["user.view"]))


class PersonSerializer(serializers.ModelSerializer):
    """A person."""

    org_unit = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    can_sign_in = serializers.SerializerMethodField()

    class Meta:
        model = Person
        fields = ["id", "name", "email", "org_unit", "employee_no", "disciplines", "fte", "active_from"]
        fields += ["active_to", "can_sign_in", "version"]

    def get_can_sign_in(self, person: Person) -> bool:
        """Whether there is an active sign-in."""
        return person.user is not None and person.user.is_active


class PersonInput(serializers.ModelSerializer):
    """What may be written about a person."""

    org_unit = serializers.SlugRelatedField(
        slug_field="code", queryset=OrgUnit.objects.order_by("pk"), required=False, allow_null=True
    )
    disciplines = serializers.ListField(
        child=serializers.ChoiceField(choices=Discipline.choices), required=False, max_length=9
    )

    class Meta:
        model = Person
        fields = [
            "name",
            "email",
            "org_unit",
            "employee_no",
            "disciplines",
            "fte",
            "active_from",
            "active_to",
        ]


class PersonViewSet(PersonAccess, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """People; without the right to see all, only oneself."""

    serializer_class = PersonSerializer
    lookup_value_regex = NUMBER
    filterset_fields = {"org_unit__code": ["exact"], "email": ["iexact"]}
    queryset = Person.objects.none()

    def get_permissions(self) -> list[Any]:
        """Add the right to write to the common ones."""
        return [*super().get_permissions(), EditsPeople()]

    def get_queryset(self) -> Any:
        """Everybody, or oneself."""
        return people_visible_to(self.request.user).order_by("name", "pk")

    @extend_schema(request=PersonInput, responses={201: PersonSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Add a person, without sign-in."""
        sent = PersonInput(data=request.data)
        sent.is_valid(raise_exception=True)
        person = people.create_person(actor=request.user, **sent.validated_data)
        return Response(PersonSerializer(person).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PersonInput, responses=PersonSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a person; needs If-Match."""
        person = self.get_object()
        version = self.expected_version(person)
        sent = PersonInput(person, data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        saved = people.edit_person(
            actor=request.user, person=person, version=version, changes=sent.validated_data
        )
        return Response(PersonSerializer(saved).data)


class OrgUnitSerializer(serializers.ModelSerializer):
    """An organization unit."""

    parent = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = OrgUnit
        fields = ["id", "code", "name", "kind", "parent", "manager", "currency", "valid_from", "valid_to"]
        fields += ["version"]


class OrgUnitInput(serializers.ModelSerializer):
    """What may be written about a unit."""

    parent = serializers.SlugRelatedField(
        slug_field="code", queryset=OrgUnit.objects.order_by("pk"), required=False, allow_null=True
    )

    class Meta:
        model = OrgUnit
        fields = ["code", "name", "kind", "parent", "manager", "currency", "valid_from", "valid_to"]


class OrgUnitViewSet(
    VersionedMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """The organization chart."""

    serializer_class = OrgUnitSerializer
    lookup_value_regex = NUMBER
    filterset_fields = {"code": ["exact"], "parent__code": ["exact"], "kind": ["exact"]}
    queryset = OrgUnit.objects.select_related("parent").order_by("code", "pk")

    def get_permissions(self) -> list[Any]:
        """Reading for those who see people, writing for those who administer them."""
        return [*super().get_permissions(), SeesPeople(), EditsPeople()]

    @extend_schema(request=OrgUnitInput, responses={201: OrgUnitSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Add a unit."""
        sent = OrgUnitInput(data=request.data)
        sent.is_valid(raise_exception=True)
        unit = units.create_unit(actor=request.user, values=sent.validated_data)
        return Response(OrgUnitSerializer(unit).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=OrgUnitInput, responses=OrgUnitSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change or move a unit; needs If-Match."""
        unit = self.get_object()
        version = self.expected_version(unit)
        sent = OrgUnitInput(unit, data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        saved = units.edit_unit(actor=request.user, unit=unit, version=version, changes=sent.validated_data)
        return Response(OrgUnitSerializer(saved).data)


class GrantSerializer(serializers.ModelSerializer):
    """A role somebody holds on a scope."""

    user = serializers.CharField(source="user.email")
    name = serializers.CharField(source="user.name")
    scope = serializers.CharField(source="node.title")
    scope_kind = serializers.CharField(source="node.kind")

    class Meta:
        model = RoleGrant
        fields = ["id", "user", "name", "role", "node", "scope", "scope_kind", "valid_from", "valid_to"]
        fields += ["is_deputy"]


class GrantInput(serializers.Serializer):
    """A role to give; people and scopes out of reach are unknown here."""

    user = serializers.SlugRelatedField(slug_field="email", queryset=User.objects.none())
    role = serializers.ChoiceField(choices=Role.choices)
    node = serializers.PrimaryKeyRelatedField(queryset=ScopeNode.objects.none())
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(required=False, allow_null=True)
    is_deputy = serializers.BooleanField(required=False, default=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            actor = self.context["request"].user
            self.fields["user"].queryset = people_to_grant_to(actor)
            self.fields["node"].queryset = nodes_to_grant_on(actor)


class GrantFilter(FilterSet):
    """By role, scope and person; a scope is a mere number, so that none out of reach shows (SEC-10)."""

    node = NumberFilter(field_name="node_id", min_value=1, max_value=2**63 - 1)

    class Meta:
        model = RoleGrant
        fields = {"role": ["exact"], "user__email": ["iexact"]}


class GrantViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet
):
    """Who holds what where: own grants, and those on scopes whose members the person may see."""

    serializer_class = GrantSerializer
    lookup_value_regex = NUMBER
    filterset_class = GrantFilter
    queryset = RoleGrant.objects.none()

    def get_queryset(self) -> Any:
        """What the person may see."""
        return grants_visible_to(self.request.user).order_by("node__path", "role", "pk")

    @extend_schema(request=GrantInput, responses={201: GrantSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Give somebody a role; only roles below the own ones, on scopes within reach."""
        if not nodes_to_grant_on(request.user).exists():
            self.permission_denied(request)
        sent = GrantInput(data=request.data, context={"request": request})
        sent.is_valid(raise_exception=True)
        grant = grants.grant_role(actor=request.user, **sent.validated_data)
        return Response(GrantSerializer(grant).data, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: RoleGrant) -> None:
        """Take the role away at once."""
        grants.end_grant(actor=self.request.user, grant=instance)
