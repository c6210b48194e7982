"""Project templates, the projects made from them, and how those differ."""

from dataclasses import replace
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.accounts.access import may
from pmo_portal.accounts.models import User
from pmo_portal.accounts.scopes import holds
from pmo_portal.api.idempotency import idempotent
from portfolio.access import portfolio_for, program_for, template_version_for
from portfolio.api.dates import today
from portfolio.models import TemplateUse, TemplateVersion
from portfolio.rollup.methodology import Words
from portfolio.selectors.project_templates import template_versions
from portfolio.selectors.template_content import project_as_template
from portfolio.selectors.template_drift import project_drift
from portfolio.services import project_templates as services
from portfolio.services.template_projects import FACTORS, Order, create_from_template, try_template
from projects.access import project_for
from projects.choices import Tier
from projects.selectors.plan_dates import shown_finish

FACTOR = {"min_value": FACTORS[0], "max_value": FACTORS[1], "max_digits": 5, "decimal_places": 2}


class TemplateVersionOut(serializers.ModelSerializer[TemplateVersion]):
    """A version with its counts."""

    template = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    name = serializers.SerializerMethodField()
    methodology = serializers.SerializerMethodField()
    tier = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()

    class Meta:
        model = TemplateVersion
        fields = (
            *("id", "template", "version", "edition", "state", "published_at", "changelog"),
            *("name", "methodology", "tier", "counts"),
        )
        read_only_fields = fields

    def get_name(self, row: TemplateVersion) -> dict[str, str]:
        """Return the name in both languages."""
        return dict(row.document["name"])

    def get_methodology(self, row: TemplateVersion) -> str:
        """Return the code of the methodology it follows; empty without one."""
        return str(row.document.get("methodology", ""))

    def get_tier(self, row: TemplateVersion) -> str:
        """Return the tier it is meant for; empty for any."""
        return str(row.document.get("tier", ""))

    def get_counts(self, row: TemplateVersion) -> dict[str, int]:
        """Return how many rows each part has."""
        return {
            part: len(row.document.get(part, ())) for part in ("rows", "links", "roles", "lines", "risks")
        }


class TemplateVersionDetail(TemplateVersionOut):
    """A version with everything it says."""

    class Meta(TemplateVersionOut.Meta):
        fields = (*TemplateVersionOut.Meta.fields, "document")
        read_only_fields = fields


class ProjectOrderIn(serializers.Serializer[Any]):
    """What a project from a template needs; ``is_trial`` only answers with its dates."""

    name = serializers.CharField(max_length=250)
    code = serializers.SlugField(max_length=40, required=False)
    portfolio = serializers.SlugField(max_length=40, required=False)
    program = serializers.SlugField(max_length=40, required=False)
    start = serializers.DateField()
    manager = serializers.EmailField(required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    total = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=0, required=False)
    duration_factor = serializers.DecimalField(**FACTOR, default=1)
    cost_factor = serializers.DecimalField(**FACTOR, default=1)
    language = serializers.ChoiceField(choices=["en", "de"], required=False)
    request_key = serializers.CharField(max_length=80, required=False)
    is_trial = serializers.BooleanField(default=False)


class MilestoneOut(serializers.Serializer[Any]):
    """A milestone and its day."""

    key = serializers.CharField()
    name = serializers.CharField()
    day = serializers.DateField(allow_null=True)


class ProjectOrderOut(serializers.Serializer[Any]):
    """The project that was made (code null for a trial), and its dates."""

    code = serializers.CharField(allow_null=True)
    finish = serializers.DateField(allow_null=True)
    milestones = MilestoneOut(many=True)


class WithdrawalIn(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=500)


class TemplateNameIn(serializers.Serializer[Any]):
    """A name; English is needed."""

    en = serializers.CharField(max_length=150)
    de = serializers.CharField(max_length=150, required=False, allow_blank=True, default="")


class TemplateSummaryIn(serializers.Serializer[Any]):
    """What it is for."""

    en = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    de = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ProjectTemplateHeadIn(serializers.Serializer[Any]):
    """The head of a draft, and the edition that was read; its plan is edited as a project."""

    edition = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    name = TemplateNameIn()
    summary = TemplateSummaryIn(required=False, default={"en": "", "de": ""})
    methodology = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    tier = serializers.ChoiceField(choices=Tier.choices, required=False, allow_blank=True, default="")
    category = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    changelog = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class ProposalIn(serializers.Serializer[Any]):
    """A plan to be kept as a draft."""

    template = serializers.SlugField(max_length=40)
    changelog = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    with_money = serializers.BooleanField(default=True)


class RowChangeOut(serializers.Serializer[Any]):
    """A difference between plan and template."""

    what = serializers.CharField()
    key = serializers.CharField()
    name = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    uid = serializers.IntegerField(allow_null=True)


class DriftOut(serializers.Serializer[Any]):
    """How a plan differs from the version it was made from (STD-11)."""

    template = serializers.CharField()
    version = serializers.CharField()
    kept = serializers.IntegerField()
    removed = RowChangeOut(many=True)
    added = RowChangeOut(many=True)
    changed = RowChangeOut(many=True)


class ProjectTemplateViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[TemplateVersion]):
    """Versions of project templates; ``id`` is the number of a version."""

    serializer_class = TemplateVersionOut
    queryset = TemplateVersion.objects.none()
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        """Return the versions the person may read."""
        return template_versions(self.request.user)

    def _version(self, pk: str, permission: str = "template.view") -> TemplateVersion:
        row = template_versions(self.request.user).filter(pk=int(pk)).first()
        if row is None:
            raise Http404
        return template_version_for(self.request.user, row.template.code, row.version, permission)

    @extend_schema(responses=TemplateVersionDetail)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return a version with all it says."""
        return Response(TemplateVersionDetail(self._version(pk)).data)

    @extend_schema(request=ProjectOrderIn, responses={201: ProjectOrderOut, 200: ProjectOrderOut})
    @action(detail=True, methods=["post"])
    @idempotent
    def projects(self, request: Request, pk: str) -> Response:
        """Make a project from a published version (STD-8), or try what it would be."""
        version = self._version(pk)
        if not holds(request.user, "project.create"):
            raise PermissionDenied
        body = ProjectOrderIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        if given.pop("is_trial"):
            found = try_template(
                actor=request.user, version=version, order=_order(request, given), today=today()
            )
            trial = {"code": None, "finish": found.finish, "milestones": found.milestones}
            return Response(ProjectOrderOut(trial).data)
        made = create_from_template(
            actor=request.user, version=version, order=_order(request, given), today=today()
        )
        milestones = made.tasks.in_order().filter(kind__in=("START_MILESTONE", "FINISH_MILESTONE"))
        keys = {uid: key for key, uid in made.template_use.rows.items()}
        rows = [
            {"key": keys.get(row.uid, ""), "name": row.name, "day": shown_finish(row.planned_finish)}
            for row in milestones
        ]
        answer = {"code": made.code, "finish": made.planned_finish, "milestones": rows}
        return Response(ProjectOrderOut(answer).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ProjectTemplateHeadIn, responses=TemplateVersionDetail)
    @action(detail=True, methods=["post"])
    def texts(self, request: Request, pk: str) -> Response:
        """Change the head of a draft."""
        version = self._version(pk, "template.propose")
        body = ProjectTemplateHeadIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        about = {"expected_edition": given.pop("edition"), "changelog": given.pop("changelog")}
        given |= {name: Words(**given[name]) for name in ("name", "summary")}
        content = replace(version.content, **given)
        made = services.edit_draft(actor=request.user, version=version, content=content, **about)
        return Response(TemplateVersionDetail(made).data)

    @extend_schema(request=None, responses=TemplateVersionOut)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Let a draft make projects."""
        version = self._version(pk, "template.edit")
        made = services.publish_version(actor=request.user, version=version, now=timezone.now())
        return Response(TemplateVersionOut(made).data)

    @extend_schema(request=WithdrawalIn, responses=TemplateVersionOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a version back."""
        version = self._version(pk, "template.propose")
        body = WithdrawalIn(data=request.data)
        body.is_valid(raise_exception=True)
        made = services.withdraw_version(actor=request.user, version=version, **body.validated_data)
        return Response(TemplateVersionOut(made).data)


class ProjectTemplateUseViewSet(viewsets.ViewSet):
    """A project against its template, and as a template."""

    @extend_schema(responses=DriftOut)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return how the plan differs from the version it was made from; 404 without one."""
        project = project_for(request.user, code, "task.view")
        uses = TemplateUse.objects.select_related("version__template", "project__calendar")
        use = uses.filter(project=project).first()
        if use is None:
            raise Http404
        drift = project_drift(use, language=get_language() or "en")
        answer = {
            "template": use.version.template.code,
            "version": use.version.version,
            **{name: getattr(drift, name) for name in ("kept", "removed", "added", "changed")},
        }
        return Response(DriftOut(answer).data)

    @extend_schema(request=ProposalIn, responses={201: TemplateVersionOut})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Keep the plan as a draft of a template."""
        project = project_for(request.user, code, "template.propose")
        body = ProposalIn(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        sees_money = may(request.user, "budget.view", project.node)
        found = project_as_template(project, with_money=sees_money and given["with_money"], today=today())
        made = services.propose_version(
            actor=request.user,
            code=given["template"],
            content=found.content,
            changelog=given["changelog"],
        )
        return Response(TemplateVersionOut(made).data, status=status.HTTP_201_CREATED)


def _order(request: Request, given: dict[str, Any]) -> Order:
    """Return what is wanted, its home and people looked up among what the person may use."""
    homes = {name: given.pop(name, None) for name in ("portfolio", "program")}
    if not any(homes.values()):
        raise ValidationError({"portfolio": ["Name a portfolio or a program."]})
    try:
        program = program_for(request.user, homes["program"], "project.create") if homes["program"] else None
        portfolio = (
            portfolio_for(request.user, homes["portfolio"], "project.create") if homes["portfolio"] else None
        )
    except Http404 as fault:
        raise ValidationError({"portfolio": ["There is no such portfolio or program."]}) from fault
    email = given.pop("manager", "")
    manager = User.objects.filter(email__iexact=email, is_active=True).first() if email else None
    if email and manager is None:
        raise ValidationError({"manager": ["Nobody has this address."]})
    facts = {name: given.pop(name) for name in ("code", "currency", "description") if name in given}
    given.setdefault("language", (get_language() or "en")[:2])
    return Order(portfolio=portfolio, program=program, manager=manager, facts=facts, **given)
