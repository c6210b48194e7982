"""What a project adds to its methodology, over the API: its own requirements, increments inside a phase."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.models import User
from pmo_portal.api.idempotency import idempotent
from portfolio.choices import Cadence, MethodologyFamily, MethodologyState
from portfolio.models import MethodologyVersion, OwnRequirement, PhasePlacement
from portfolio.selectors.governance import Governance, governance_of
from portfolio.services import increments, own_requirements
from portfolio.services.own_requirements import OwnWish
from projects.api.base import OfProject


class OwnRequirementOut(serializers.ModelSerializer[OwnRequirement]):
    """A requirement of the project's own; ``id`` is that of the line in force, to be sent as ``expected``."""

    owner_name = serializers.CharField(source="owner.name")
    cadence = serializers.ChoiceField(choices=Cadence.choices, allow_blank=True, read_only=True)

    class Meta:
        model = OwnRequirement
        fields = (
            "id", "code", "title", "reason", "owner", "owner_name", "gate", "approver", "cadence", "weight",
            "made_on",
        )  # fmt: skip
        read_only_fields = fields


class OwnRequirementIn(serializers.Serializer[Any]):
    """Due at a ``gate``, then approved by a role of the methodology; or done at a ``cadence``."""

    title = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=2000)
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True))
    gate = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    approver = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    cadence = serializers.ChoiceField(choices=Cadence.choices, required=False, allow_blank=True, default="")
    weight = serializers.IntegerField(min_value=1, max_value=3, required=False, default=1)


class OwnRequirementChangeIn(OwnRequirementIn):
    """All of it again, with the line that was read."""

    expected = serializers.IntegerField()


class OwnRequirementEndIn(serializers.Serializer[Any]):
    """Why it ends."""

    reason = serializers.CharField(max_length=2000)
    expected = serializers.IntegerField()


class IncrementsOut(serializers.ModelSerializer[PhasePlacement]):
    """The repeated phase of a hybrid methodology inside a phase of the project's own (STD-20)."""

    methodology = serializers.CharField(source="version.methodology.code")
    version = serializers.CharField(source="version.version")
    controls = serializers.SerializerMethodField()

    class Meta:
        model = PhasePlacement
        fields = ("methodology", "version", "phase", "inside", "cadence", "note", "made_on", "controls")
        read_only_fields = fields

    def get_controls(self, _row: PhasePlacement) -> list[str]:
        """Return the codes of what recurs with each increment."""
        return sorted(self.context["known"].additions.placed)


class IncrementsIn(serializers.Serializer[Any]):
    """``methodology`` is taken in the version in force; an increment lasts at most thirteen weeks."""

    methodology = serializers.CharField(max_length=20)
    phase = serializers.CharField(max_length=20)
    inside = serializers.CharField(max_length=20)
    cadence = serializers.ChoiceField(choices=Cadence.choices)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")

    def validate_methodology(self, value: str) -> MethodologyVersion:
        """Return the hybrid version in force."""
        rows = MethodologyVersion.objects.filter(
            methodology__code=value, methodology__family=MethodologyFamily.HYBRID
        )
        found = rows.filter(state=MethodologyState.EFFECTIVE).select_related("methodology").first()
        if found is None:
            raise serializers.ValidationError("There is no hybrid methodology of this code in force.")
        return found


class IncrementsEndIn(serializers.Serializer[Any]):
    """Why they end."""

    reason = serializers.CharField(max_length=2000)


class OwnRequirementViewSet(OfProject):
    """Requirements of the project's own; counted apart in compliance."""

    serializer_class = OwnRequirementOut
    queryset = OwnRequirement.objects.none()
    filter_backends = ()
    write_permission = "governance.edit"

    def _known(self) -> Governance:
        known = governance_of(self.project, self.today)
        if known is None:
            raise Http404
        return known

    def _row(self, code: str) -> OwnRequirement:
        found = own_requirements.own_requirement(self._known(), code)
        if found is None:
            raise Http404
        return found

    @extend_schema(responses=OwnRequirementOut(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return those in force; 404 while the project follows no methodology."""
        return self.listed(list(self._known().additions.own.values()))

    @extend_schema(request=OwnRequirementIn, responses={201: OwnRequirementOut})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Add one; it gets the next code."""
        wish = OwnWish(**self.given(request, kind=OwnRequirementIn))
        made = own_requirements.add_own_requirement(
            actor=request.user, project=self.project, wish=wish, today=self.today
        )
        return self.shown(made, status=201)

    @extend_schema(responses=OwnRequirementOut)
    def retrieve(self, request: Request, code: str, requirement: str) -> Response:
        """Return one."""
        return self.shown(self._row(requirement))

    @extend_schema(request=OwnRequirementChangeIn, responses=OwnRequirementOut)
    def update(self, request: Request, code: str, requirement: str) -> Response:
        """Change one from today on."""
        self._row(requirement)
        given = self.given(request, kind=OwnRequirementChangeIn)
        expected = given.pop("expected")
        made = own_requirements.change_own_requirement(
            actor=request.user,
            project=self.project,
            code=requirement,
            expected=expected,
            wish=OwnWish(**given),
            today=self.today,
        )
        return self.shown(made)

    @extend_schema(request=OwnRequirementEndIn, responses=OwnRequirementOut)
    def end(self, request: Request, code: str, requirement: str) -> Response:
        """Let one end; what was done about it is kept."""
        self._row(requirement)
        given = self.given(request, kind=OwnRequirementEndIn)
        made = own_requirements.end_own_requirement(
            actor=request.user,
            project=self.project,
            code=requirement,
            expected=given["expected"],
            note=given["reason"],
            today=self.today,
        )
        return self.shown(made)


class IncrementsViewSet(OfProject):
    """Increments inside a phase of the project."""

    serializer_class = IncrementsOut
    queryset = PhasePlacement.objects.none()
    filter_backends = ()
    write_permission = "governance.edit"

    def get_serializer_context(self) -> dict[str, Any]:
        """Give the serializer what the project follows."""
        project = getattr(self, "project", None)
        return {
            **super().get_serializer_context(),
            "known": governance_of(project, self.today) if project else None,
        }

    def _placed(self) -> PhasePlacement:
        known = governance_of(self.project, self.today)
        if known is None or known.additions.placement is None:
            raise Http404
        return known.additions.placement

    @extend_schema(responses=IncrementsOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return what is placed; 404 without increments."""
        return self.shown(self._placed())

    @extend_schema(request=IncrementsIn, responses=IncrementsOut)
    def update(self, request: Request, code: str) -> Response:
        """Place increments, in the place of those there are."""
        given = self.given(request, kind=IncrementsIn)
        made = increments.place_increments(
            actor=request.user,
            project=self.project,
            version=given.pop("methodology"),
            today=self.today,
            **given,
        )
        return self.shown(made)

    @extend_schema(request=IncrementsEndIn, responses={204: None})
    def end(self, request: Request, code: str) -> Response:
        """Take the increments out of their phase."""
        self._placed()
        note = self.given(request, kind=IncrementsEndIn)["reason"]
        increments.end_increments(actor=request.user, project=self.project, note=note, today=self.today)
        return Response(status=204)
