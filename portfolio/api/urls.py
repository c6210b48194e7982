"""Addresses of the portfolio API, below /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from portfolio.api.adoption import AdoptionViewSet
from portfolio.api.assessments import AssessmentViewSet, GapActionViewSet
from portfolio.api.calendars import OrganizationCalendarViewSet
from portfolio.api.certificates import CertificateViewSet
from portfolio.api.closing_lists import ClosingListViewSet
from portfolio.api.compliance import (
    ComplianceViewSet,
    ProjectComplianceViewSet,
    WaiverDecisionViewSet,
    WaiverViewSet,
)
from portfolio.api.course_writing import CourseDraftViewSet
from portfolio.api.courses import CourseViewSet
from portfolio.api.document_templates import DocumentTemplateViewSet
from portfolio.api.documents import ProjectDocumentViewSet
from portfolio.api.gate_calendar import GateCalendarViewSet
from portfolio.api.gate_days import GateDaysViewSet
from portfolio.api.gate_funds import ProjectFundsViewSet
from portfolio.api.gates import GateReviewViewSet, ProjectGateViewSet
from portfolio.api.governance import (
    ArtefactViewSet,
    GovernanceViewSet,
    TailoringViewSet,
)
from portfolio.api.health import ProjectHealthViewSet, RollupViewSet
from portfolio.api.help_requests import HelpRequestViewSet
from portfolio.api.lessons import (
    LessonOfferViewSet,
    LessonViewSet,
    ProjectLessonsViewSet,
    StandardChangeViewSet,
)
from portfolio.api.library import LibraryViewSet, SearchGapViewSet
from portfolio.api.methodologies import MethodologyViewSet
from portfolio.api.offices import OfficeViewSet
from portfolio.api.periods import PeriodViewSet
from portfolio.api.places import PlaceViewSet
from portfolio.api.policies import PolicyViewSet
from portfolio.api.portfolios import PortfolioViewSet, ProgramViewSet
from portfolio.api.project_templates import ProjectTemplateUseViewSet, ProjectTemplateViewSet
from portfolio.api.quizzes import QuizViewSet
from portfolio.api.rates import RateViewSet
from portfolio.api.responsibilities import ResponsibilityViewSet
from portfolio.api.table_imports import TableImportViewSet
from portfolio.api.tailoring import IncrementsViewSet, OwnRequirementViewSet
from portfolio.api.training import AttemptViewSet, TrainingViewSet
from portfolio.api.waiting import WaitingViewSet

router = SimpleRouter()
router.register("portfolios", PortfolioViewSet, basename="api-portfolio")
router.register("programs", ProgramViewSet, basename="api-program")
router.register("project-health", ProjectHealthViewSet, basename="api-project-health")
router.register("rollups", RollupViewSet, basename="api-rollup")
router.register("periods", PeriodViewSet, basename="api-period")
router.register("rates", RateViewSet, basename="api-rate")
router.register("calendars", OrganizationCalendarViewSet, basename="api-organization-calendar")
router.register("policies", PolicyViewSet, basename="api-policy")
router.register("methodologies", MethodologyViewSet, basename="api-methodology")
router.register("gates", GateCalendarViewSet, basename="api-gates")
router.register("project-templates", ProjectTemplateViewSet, basename="api-project-template")
router.register("document-templates", DocumentTemplateViewSet, basename="api-document-template")
router.register("assessments", AssessmentViewSet, basename="api-assessment")
router.register("gap-actions", GapActionViewSet, basename="api-gap-action")
router.register("adoption", AdoptionViewSet, basename="api-adoption")
router.register("compliance", ComplianceViewSet, basename="api-compliance")
router.register("waivers", WaiverViewSet, basename="api-waiver")
router.register("offices", OfficeViewSet, basename="api-office")
router.register("waiting", WaitingViewSet, basename="api-waiting")
router.register("help-requests", HelpRequestViewSet, basename="api-help-request")
router.register("imports/portfolios", TableImportViewSet, basename="api-portfolio-import")
router.register("training/attempts", AttemptViewSet, basename="api-training-attempt")
router.register("training", TrainingViewSet, basename="api-training")
router.register("certificates", CertificateViewSet, basename="api-certificate")
router.register("courses", CourseViewSet, basename="api-course")
router.register("lessons", LessonViewSet, basename="api-lesson")
router.register("lesson-offers", LessonOfferViewSet, basename="api-lesson-offer")
router.register("standard-changes", StandardChangeViewSet, basename="api-standard-change")
router.register("library/gaps", SearchGapViewSet, basename="api-library-gap")
router.register("library", LibraryViewSet, basename="api-library")

gate_urls = [
    path("", ProjectGateViewSet.as_view({"get": "retrieve"}), name="api-gate"),
    path("forum/", ProjectGateViewSet.as_view({"post": "forum"}), name="api-gate-forum"),
    path("answers/", ProjectGateViewSet.as_view({"post": "answers"}), name="api-gate-answers"),
    path("request/", ProjectGateViewSet.as_view({"post": "request_review"}), name="api-gate-request"),
    path("withdraw/", ProjectGateViewSet.as_view({"post": "withdraw"}), name="api-gate-withdraw"),
    path("renew/", ProjectGateViewSet.as_view({"post": "renew"}), name="api-gate-renew"),
    path("earlier/", ProjectGateViewSet.as_view({"post": "earlier"}), name="api-gate-earlier"),
    path("vote/", GateReviewViewSet.as_view({"post": "vote"}), name="api-gate-vote"),
    path("decision/", GateReviewViewSet.as_view({"post": "decide"}), name="api-gate-decision"),
]
governance_urls = [
    path("", GovernanceViewSet.as_view({"get": "retrieve"}), name="api-governance"),
    path("methodology/", GovernanceViewSet.as_view({"post": "bind"}), name="api-governance-methodology"),
    path(
        "migration/",
        GovernanceViewSet.as_view({"get": "migration", "post": "migrate"}),
        name="api-governance-migration",
    ),
    path("complexity/", GovernanceViewSet.as_view({"post": "score"}), name="api-governance-complexity"),
    path("choices/", TailoringViewSet.as_view({"get": "list"}), name="api-governance-choices"),
    path(
        "choices/<str:requirement>/",
        TailoringViewSet.as_view({"post": "create"}),
        name="api-governance-choice",
    ),
    path("artefacts/", ArtefactViewSet.as_view({"get": "list"}), name="api-governance-artefacts"),
    path(
        "artefacts/<str:requirement>/",
        ArtefactViewSet.as_view({"post": "create"}),
        name="api-governance-artefact",
    ),
]
urlpatterns = [
    path(
        "projects/<slug:code>/gates/",
        ProjectGateViewSet.as_view({"get": "list"}),
        name="api-project-gates",
    ),
    path(
        "projects/<slug:code>/gates/days/",
        GateDaysViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api-project-gate-days",
    ),
    path("projects/<slug:code>/gates/<str:gate>/<int:occurrence>/", include(gate_urls)),
    path(
        "projects/<slug:code>/funds/",
        ProjectFundsViewSet.as_view({"get": "retrieve"}),
        name="api-project-funds",
    ),
    path(
        "projects/<slug:code>/gate-conditions/<int:pk>/evidence/",
        GateReviewViewSet.as_view({"post": "evidence"}),
        name="api-condition-evidence",
    ),
    path(
        "projects/<slug:code>/gate-conditions/<int:pk>/settle/",
        GateReviewViewSet.as_view({"post": "settle"}),
        name="api-condition-settle",
    ),
    path(
        "projects/<slug:code>/closing-list/",
        ClosingListViewSet.as_view({"get": "retrieve"}),
        name="api-closing-list",
    ),
    path(
        "projects/<slug:code>/closing-list/<int:pk>/done/",
        ClosingListViewSet.as_view({"post": "done"}),
        name="api-closing-item-done",
    ),
    path(
        "projects/<slug:code>/closing-list/<int:pk>/reopen/",
        ClosingListViewSet.as_view({"post": "reopen"}),
        name="api-closing-item-reopen",
    ),
    path(
        "projects/<slug:code>/compliance/",
        ProjectComplianceViewSet.as_view({"get": "retrieve"}),
        name="api-project-compliance",
    ),
    path("projects/<slug:code>/governance/", include(governance_urls)),
    path(
        "projects/<slug:code>/own-requirements/",
        OwnRequirementViewSet.as_view({"get": "list", "post": "create"}),
        name="api-own-requirements",
    ),
    path(
        "projects/<slug:code>/own-requirements/<str:requirement>/",
        OwnRequirementViewSet.as_view({"get": "retrieve", "put": "update"}),
        name="api-own-requirement",
    ),
    path(
        "projects/<slug:code>/own-requirements/<str:requirement>/end/",
        OwnRequirementViewSet.as_view({"post": "end"}),
        name="api-own-requirement-end",
    ),
    path(
        "projects/<slug:code>/increments/",
        IncrementsViewSet.as_view({"get": "retrieve", "put": "update"}),
        name="api-increments",
    ),
    path(
        "projects/<slug:code>/increments/end/",
        IncrementsViewSet.as_view({"post": "end"}),
        name="api-increments-end",
    ),
    path(
        "projects/<slug:code>/waivers/",
        ProjectComplianceViewSet.as_view({"get": "list", "post": "create"}),
        name="api-project-waivers",
    ),
    path(
        "projects/<slug:code>/waivers/<int:pk>/decision/",
        WaiverDecisionViewSet.as_view({"post": "decide"}),
        name="api-project-waiver-decision",
    ),
    path(
        "projects/<slug:code>/waivers/<int:pk>/withdraw/",
        WaiverDecisionViewSet.as_view({"post": "withdraw"}),
        name="api-project-waiver-withdraw",
    ),
    path(
        "projects/<slug:code>/waivers/<int:pk>/end/",
        ProjectComplianceViewSet.as_view({"post": "revoke"}),
        name="api-project-waiver-end",
    ),
    path(
        "courses/<slug:code>/draft/",
        CourseDraftViewSet.as_view({"get": "retrieve", "put": "update"}),
        name="api-course-draft",
    ),
    path(
        "courses/<slug:code>/attempts/",
        QuizViewSet.as_view({"post": "create"}),
        name="api-course-attempts",
    ),
    path(
        "courses/<slug:code>/attempts/<int:number>/",
        QuizViewSet.as_view({"get": "retrieve"}),
        name="api-course-attempt",
    ),
    path(
        "courses/<slug:code>/attempts/<int:number>/hand-in/",
        QuizViewSet.as_view({"post": "hand_in"}),
        name="api-course-hand-in",
    ),
    path("", include(router.urls)),
    path(
        "projects/<slug:code>/lessons/",
        ProjectLessonsViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api-project-lessons",
    ),
    path("projects/<slug:code>/move/", PlaceViewSet.as_view({"post": "move"}), name="api-project-move"),
    path(
        "projects/<slug:code>/secrecy/",
        PlaceViewSet.as_view({"post": "secrecy"}),
        name="api-project-secrecy",
    ),
    path(
        "projects/<slug:code>/documents/",
        ProjectDocumentViewSet.as_view({"get": "list", "post": "create"}),
        name="api-project-documents",
    ),
    path(
        "projects/<slug:code>/documents/<int:pk>/",
        ProjectDocumentViewSet.as_view({"get": "retrieve", "patch": "write"}),
        name="api-project-document",
    ),
    path(
        "projects/<slug:code>/documents/<int:pk>/file/<str:kind>/",
        ProjectDocumentViewSet.as_view({"get": "file"}),
        name="api-project-document-file",
    ),
    path(
        "projects/<slug:code>/documents/<int:pk>/submit/",
        ProjectDocumentViewSet.as_view({"post": "submit"}),
        name="api-project-document-submit",
    ),
    path(
        "projects/<slug:code>/documents/<int:pk>/decide/",
        ProjectDocumentViewSet.as_view({"post": "decide"}),
        name="api-project-document-decide",
    ),
    path(
        "projects/<slug:code>/template/",
        ProjectTemplateUseViewSet.as_view({"get": "retrieve", "post": "create"}),
        name="api-project-template-use",
    ),
    path(
        "projects/<slug:code>/responsibilities/",
        ResponsibilityViewSet.as_view({"get": "matrix", "post": "create"}),
        name="api-responsibilities",
    ),
    path(
        "projects/<slug:code>/responsibilities/fill/",
        ResponsibilityViewSet.as_view({"post": "fill"}),
        name="api-responsibilities-fill",
    ),
    path(
        "projects/<slug:code>/responsibilities/<int:pk>/",
        ResponsibilityViewSet.as_view({"get": "retrieve", "put": "update", "delete": "destroy"}),
        name="api-responsibility",
    ),
    path(
        "projects/<slug:code>/responsibilities/<int:pk>/restore/",
        ResponsibilityViewSet.as_view({"post": "restore"}),
        name="api-responsibility-restore",
    ),
]
