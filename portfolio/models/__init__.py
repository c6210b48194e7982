"""Models of the portfolio: judgement."""

from portfolio.models.adoption import ProjectAdoption
from portfolio.models.assessment import Assessment, GapAction, MaturityAim, Respondent
from portfolio.models.closing import ClosingItem
from portfolio.models.document import DocumentTemplate, DocumentVersion, ProjectDocument
from portfolio.models.former import FormerComponent
from portfolio.models.gate import GateCheck, GateCondition, GateMember, GateReview
from portfolio.models.governance import (
    ArtefactStep,
    ComplexityScore,
    GateDate,
    MethodologyBinding,
    OwnRequirement,
    PhasePlacement,
    TailoringChoice,
    Waiver,
)
from portfolio.models.health import GroupHealth, ProjectHealth, RollupRun
from portfolio.models.knowledge import (
    KnowledgeItem,
    KnowledgeLabel,
    KnowledgeRating,
    KnowledgeTerm,
    KnowledgeVersion,
    SearchGap,
    UsageEvent,
)
from portfolio.models.lesson import (
    Lesson,
    LessonOffer,
    LessonProfile,
    NoLessons,
    StandardChange,
)
from portfolio.models.methodology import Methodology, MethodologyVersion
from portfolio.models.office import HelpRequest, Pmo, PmoCharter, PmoMember
from portfolio.models.policy import HealthPolicy
from portfolio.models.portfolio_import import ImportMapping, PortfolioImport
from portfolio.models.project_template import ProjectTemplate, TemplateUse, TemplateVersion
from portfolio.models.responsibility import ResponsibilityRow, ResponsibilityShare
from portfolio.models.structure import ComponentAbsence, Portfolio, PortfolioComponent, Program
from portfolio.models.training import (
    Attempt,
    Certificate,
    Course,
    CourseRole,
    CourseText,
    Enrolment,
    Exemption,
    ModuleRead,
)
from portfolio.models.view import SavedView

__all__ = [
    "ArtefactStep",
    "Assessment",
    "Attempt",
    "Certificate",
    "ClosingItem",
    "ComplexityScore",
    "ComponentAbsence",
    "Course",
    "CourseRole",
    "CourseText",
    "DocumentTemplate",
    "DocumentVersion",
    "Enrolment",
    "Exemption",
    "FormerComponent",
    "GapAction",
    "GateCheck",
    "GateCondition",
    "GateDate",
    "GateMember",
    "GateReview",
    "GroupHealth",
    "HealthPolicy",
    "HelpRequest",
    "ImportMapping",
    "KnowledgeItem",
    "KnowledgeLabel",
    "KnowledgeRating",
    "KnowledgeTerm",
    "KnowledgeVersion",
    "Lesson",
    "LessonOffer",
    "LessonProfile",
    "MaturityAim",
    "Methodology",
    "MethodologyBinding",
    "MethodologyVersion",
    "ModuleRead",
    "NoLessons",
    "OwnRequirement",
    "PhasePlacement",
    "Pmo",
    "PmoCharter",
    "PmoMember",
    "Portfolio",
    "PortfolioComponent",
    "PortfolioImport",
    "Program",
    "ProjectAdoption",
    "ProjectDocument",
    "ProjectHealth",
    "ProjectTemplate",
    "Respondent",
    "ResponsibilityRow",
    "ResponsibilityShare",
    "RollupRun",
    "SavedView",
    "SearchGap",
    "StandardChange",
    "TailoringChoice",
    "TemplateUse",
    "TemplateVersion",
    "UsageEvent",
    "Waiver",
]
