"""What a project does about its methodology, over the API: version, tier, choices, artefacts (STD-2 to 5)."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.api.idempotency import idempotent
from portfolio.access import acts_in_role
from portfolio.api.methodologies import ChangeOut
from portfolio.choices import ArtefactState, MethodologyState, TailoringKind
from portfolio.models import ArtefactStep, ComplexityScore, MethodologyVersion, TailoringChoice
from portfolio.rollup.methodology import RequirementRule
from portfolio.rollup.tier import WEIGHTS
from portfolio.selectors.governance import (
    Governance,
    approver_roles,
    governance_of,
    newer_version,
    pending_score,
)
from portfolio.selectors.upgrade_page import kept_lines, other_lines, upgrade_rows
from portfolio.services import artefacts, governance
from portfolio.services.migration import migrate_methodology
from projects.api.base import OfProject


class ComplexityOut(serializers.ModelSerializer[ComplexityScore]):
    """The ten answers with score and tier, which counts from ``applies_from`` on."""

    answers = serializers.DictField(child=serializers.IntegerField())
    floors = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = ComplexityScore
        fields = ("score", "tier", "answers", "floors", "applies_from", "made_on")
        read_only_fields = fields


class ProjectGovernanceOut(serializers.Serializer[Any]):
    """Version and tier; ``newer`` is the version in force, where it is another; ``pending`` counts later."""

    methodology = serializers.CharField(source="known.version.methodology.code")
    version = serializers.CharField(source="known.version.version")
    version_id = serializers.IntegerField(source="known.version.pk")
    since = serializers.DateField(source="known.binding.made_on")
    tier = serializers.CharField(source="known.records.tier")
    complexity = ComplexityOut(source="known.score", allow_null=True)
    pending = ComplexityOut(allow_null=True)
    newer = serializers.IntegerField(source="newer.pk", allow_null=True, default=None)


class BindIn(serializers.Serializer[Any]):
    """A version in force, by its id."""

    version = serializers.PrimaryKeyRelatedField(
        queryset=MethodologyVersion.objects.filter(state=MethodologyState.EFFECTIVE)
    )
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class UpgradeRowOut(serializers.Serializer[Any]):
    """A requirement that is added, removed or changed, and what becomes of what the project has."""

    kind = serializers.CharField()
    sentence = serializers.CharField()
    details = serializers.ListField(child=serializers.CharField())
    outcomes = serializers.ListField(child=serializers.CharField())
    is_warning = serializers.BooleanField()


class KeptOut(serializers.Serializer[Any]):
    """Something of the project's own that stays, and what to look after."""

    name = serializers.CharField()
    warning = serializers.CharField(allow_blank=True)


class MigrationOut(serializers.Serializer[Any]):
    """What going on to the version in force would change; ``expected`` is to be sent with the act."""

    version = serializers.IntegerField()
    expected = serializers.IntegerField()
    requirements = UpgradeRowOut(many=True)
    others = ChangeOut(many=True)
    kept = KeptOut(many=True)


class MigrationIn(serializers.Serializer[Any]):
    """The version the project was seen on."""

    expected = serializers.IntegerField()
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ComplexityAnswersIn(serializers.Serializer[Any]):
    """An answer from 1 to 5 to each of the ten questions."""

    def get_fields(self) -> dict[str, Any]:
        """Return a field for each question."""
        return {code: serializers.IntegerField(min_value=1, max_value=5) for code in WEIGHTS}


class ComplexityIn(serializers.Serializer[Any]):
    """The answers by the codes of their questions."""

    answers = ComplexityAnswersIn()


class TailoringOut(serializers.ModelSerializer[TailoringChoice]):
    """What the project chose about a requirement; an empty choice is what the tier says."""

    choice = serializers.ChoiceField(choices=TailoringKind.choices, allow_blank=True, read_only=True)

    class Meta:
        model = TailoringChoice
        fields = ("requirement", "choice", "note", "made_on")
        read_only_fields = fields


class TailoringIn(serializers.Serializer[Any]):
    """Keep or drop what is recommended, add what is not needed; dropping needs a note."""

    choice = serializers.ChoiceField(choices=TailoringKind.choices, allow_blank=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ArtefactStepOut(serializers.ModelSerializer[ArtefactStep]):
    """The newest that happened to an artefact or a control."""

    made_by = serializers.CharField(source="made_by.name", allow_null=True, default=None)

    class Meta:
        model = ArtefactStep
        fields = ("requirement", "state", "link", "note", "made_on", "made_by")
        read_only_fields = fields


class ArtefactStepIn(serializers.Serializer[Any]):
    """What happened: begun, submitted, approved, given back with a note; a recurring control is done."""

    state = serializers.ChoiceField(choices=ArtefactState.choices)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class FollowingViewSet(OfProject):
    """What all these share: the methodology the project follows, and its requirements by code."""

    filter_backends = ()
    write_permission = "governance.edit"

    def known(self) -> Governance:
        """Return what the project does about its methodology; 404 while it follows none."""
        found = governance_of(self.project, self.today)
        if found is None:
            raise Http404
        return found

    def rule(self, known: Governance, code: str) -> RequirementRule:
        """Return a requirement; 404 without one of the code."""
        found = known.content.requirement(code)
        if found is None:
            raise Http404
        return found

    def act(self, service: Any, **given: Any) -> Any:
        """Call a service as the person of the request, for the project, today."""
        return service(actor=self.request.user, project=self.project, today=self.today, **given)


class GovernanceViewSet(FollowingViewSet):
    """The version a project follows and its tier."""

    serializer_class = ProjectGovernanceOut
    queryset = MethodologyVersion.objects.none()

    def _stand(self, status: int = 200) -> Response:
        known = self.known()
        pending = pending_score(self.project, self.today)
        return self.shown({"known": known, "pending": pending, "newer": newer_version(known)}, status=status)

    @extend_schema(responses=ProjectGovernanceOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return version and tier; 404 while the project follows no methodology."""
        return self._stand()

    @extend_schema(request=BindIn, responses={201: ProjectGovernanceOut})
    @idempotent
    def bind(self, request: Request, code: str) -> Response:
        """Let the project follow a version from today on."""
        self.act(governance.bind_methodology, **self.given(request, kind=BindIn))
        return self._stand(status=201)

    @extend_schema(responses=MigrationOut)
    def migration(self, request: Request, code: str) -> Response:
        """Return what the version in force would change; 404 where the project follows it already."""
        known, version = self._way()
        shown = {
            "version": version.pk,
            "expected": known.version.pk,
            "requirements": upgrade_rows(known, version),
            "others": other_lines(known, version),
            "kept": kept_lines(known, version),
        }
        return Response(MigrationOut(shown).data)

    @extend_schema(request=MigrationIn, responses=ProjectGovernanceOut)
    def migrate(self, request: Request, code: str) -> Response:
        """Go on to the version in force; what the project has and chose goes along."""
        _known, version = self._way()
        self.act(migrate_methodology, version=version, **self.given(request, kind=MigrationIn))
        return self._stand()

    @extend_schema(request=ComplexityIn, responses={201: ComplexityOut})
    @idempotent
    def score(self, request: Request, code: str) -> Response:
        """Answer the ten questions; a higher tier counts from the next gate on, any other at once."""
        answers = self.given(request, kind=ComplexityIn)["answers"]
        made = self.act(governance.score_complexity, answers=answers)
        return Response(ComplexityOut(made).data, status=201)

    def _way(self) -> tuple[Governance, MethodologyVersion]:
        known = self.known()
        version = newer_version(known)
        if version is None:
            raise Http404
        return known, version


class TailoringViewSet(FollowingViewSet):
    """Choices of a project about requirements."""

    serializer_class = TailoringOut
    queryset = TailoringChoice.objects.none()

    @extend_schema(responses=TailoringOut(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the choices in force, by the code of their requirement."""
        chosen = self.known().choices
        return self.listed([chosen[key] for key in sorted(chosen)])

    @extend_schema(request=TailoringIn, responses={201: TailoringOut})
    @idempotent
    def create(self, request: Request, code: str, requirement: str) -> Response:
        """Keep, drop or add a requirement from today on; an empty choice takes the former one back."""
        rule = self.rule(self.known(), requirement)
        made = self.act(governance.tailor, requirement=rule.code, **self.given(request, kind=TailoringIn))
        return self.shown(made, status=201)


class ArtefactViewSet(FollowingViewSet):
    """What happened to the artefacts of a project."""

    serializer_class = ArtefactStepOut
    queryset = ArtefactStep.objects.none()
    write_permission = "project.view"

    @extend_schema(responses=ArtefactStepOut(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the newest step of each artefact, by the code of its requirement."""
        steps = self.known().last_steps
        return self.listed([steps[key] for key in sorted(steps)])

    @extend_schema(request=ArtefactStepIn, responses={201: ArtefactStepOut})
    @idempotent
    def create(self, request: Request, code: str, requirement: str) -> Response:
        """Record a step, as who works on artefacts here or is asked to approve this one."""
        known = self.known()
        rule = self.rule(known, requirement)
        roles = approver_roles(known, rule)
        if "artefact.submit" not in self.rights and not acts_in_role(request.user, roles, self.project.node):
            raise PermissionDenied
        given = self.given(request, kind=ArtefactStepIn)
        return self.shown(self.act(artefacts.record_step, requirement=rule.code, **given), status=201)
