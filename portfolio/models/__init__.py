"""Models of the portfolio: judgement."""

from portfolio.models.former import FormerComponent
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
from portfolio.models.methodology import Methodology, MethodologyVersion
from portfolio.models.policy import HealthPolicy
from portfolio.models.portfolio_import import ImportMapping, PortfolioImport
from portfolio.models.project_template import ProjectTemplate, TemplateUse, TemplateVersion
from portfolio.models.structure import ComponentAbsence, Portfolio, PortfolioComponent, Program
from portfolio.models.view import SavedView

__all__ = [
    "ComponentAbsence",
    "FormerComponent",
    "GroupHealth",
    "HealthPolicy",
    "ImportMapping",
    "KnowledgeItem",
    "KnowledgeLabel",
    "KnowledgeRating",
    "KnowledgeTerm",
    "KnowledgeVersion",
    "Methodology",
    "MethodologyVersion",
    "Portfolio",
    "PortfolioComponent",
    "PortfolioImport",
    "Program",
    "ProjectHealth",
    "ProjectTemplate",
    "RollupRun",
    "SavedView",
    "SearchGap",
    "TemplateUse",
    "TemplateVersion",
    "UsageEvent",
]
