"""Units, people and sign-ins of the demo organization."""

from dataclasses import dataclass

from pmo_portal.accounts.choices import Discipline, OrgUnitKind, Role

COMPANY = "NWU"
ORGANIZATION_TITLE = "Northwind Utilities"


@dataclass(frozen=True)
class Unit:
    """A unit of the organization chart."""

    code: str
    name: str
    kind: str
    parent: str = ""


@dataclass(frozen=True)
class Member:
    """
    Somebody who works at Northwind Utilities.

    ``role`` and ``scope`` (code of a portfolio or program, empty for the whole organization) are the
    grant of a demo sign-in; project roles are given in the projects.
    """

    name: str
    mailbox: str
    unit: str
    disciplines: tuple[str, ...]
    role: str = ""
    scope: str = ""
    fte: str = "1.00"


UNITS = (
    Unit("NWU", "Northwind Utilities", OrgUnitKind.COMPANY),
    Unit("PMO", "Project Management Office", OrgUnitKind.DEPARTMENT, "NWU"),
    Unit("GRD", "Grid and Network", OrgUnitKind.DIVISION, "NWU"),
    Unit("GRD-ENG", "Network Engineering", OrgUnitKind.DEPARTMENT, "GRD"),
    Unit("GRD-OPS", "Field Operations", OrgUnitKind.DEPARTMENT, "GRD"),
    Unit("CUS", "Customer and Digital", OrgUnitKind.DIVISION, "NWU"),
    Unit("CUS-IT", "Information Technology", OrgUnitKind.DEPARTMENT, "CUS"),
    Unit("CUS-CX", "Customer Experience", OrgUnitKind.DEPARTMENT, "CUS"),
    Unit("COR", "Corporate Services", OrgUnitKind.DIVISION, "NWU"),
    Unit("COR-FIN", "Finance", OrgUnitKind.DEPARTMENT, "COR"),
    Unit("COR-HR", "People and Workplace", OrgUnitKind.DEPARTMENT, "COR"),
    Unit("COR-REG", "Regulation and Audit", OrgUnitKind.DEPARTMENT, "COR"),
)

# Those who are offered at the sign-in page. Project manager and sponsor hold their roles in projects.
SIGN_INS = (
    Member("Adam Administrator", "admin", "CUS-IT", (Discipline.IT,), Role.ADMINISTRATOR),
    Member("Paula Hartmann", "pmo.head", "PMO", (Discipline.PLANNING, Discipline.QUALITY), Role.PMO_HEAD),
    Member("Peter Analyst", "pmo.analyst", "PMO", (Discipline.PLANNING, Discipline.RISK), Role.PMO_ANALYST),
    Member(
        "Greta Lindqvist", "portfolio.manager", "GRD", (Discipline.DELIVERY,), Role.PORTFOLIO_MANAGER, "GRID"
    ),
    Member(
        "Malik Osei",
        "program.manager",
        "GRD-ENG",
        (Discipline.DELIVERY, Discipline.PLANNING),
        Role.PROGRAM_MANAGER,
        "RENEWAL",
    ),
    Member("Sofia Brandt", "sponsor", "GRD", (Discipline.OTHER,), Role.SPONSOR),
    Member("Edward Whitfield", "executive", "NWU", (Discipline.OTHER,), Role.EXECUTIVE),
    Member(
        "Alice Moreau",
        "project.manager",
        "PMO",
        (Discipline.PLANNING, Discipline.DELIVERY),
        Role.PROJECT_MANAGER,
    ),
    Member("Bob Tanaka", "team.member", "GRD-ENG", (Discipline.DELIVERY,), Role.TEAM_MEMBER),
    Member("Quinn Adebayo", "quality.reviewer", "PMO", (Discipline.QUALITY,), Role.QUALITY_REVIEWER, "GRID"),
    Member("Fiona Kowalski", "finance.controller", "COR-FIN", (Discipline.FINANCE,), Role.FINANCE_CONTROLLER),
    Member("Rashid Nowak", "risk.manager", "PMO", (Discipline.RISK,), Role.RISK_MANAGER),
    Member("Stella Jensen", "stakeholder", "CUS-CX", (Discipline.CHANGE,), Role.STAKEHOLDER, "CUSTOMER"),
    Member("Audrey Fontaine", "auditor", "COR-REG", (Discipline.QUALITY, Discipline.FINANCE), Role.AUDITOR),
)

MANAGERS = (
    Member("Jonas Weber", "jonas.weber", "GRD-ENG", (Discipline.DELIVERY, Discipline.PLANNING)),
    Member("Ines Carvalho", "ines.carvalho", "GRD-OPS", (Discipline.DELIVERY,)),
    Member("Liam O'Connor", "liam.oconnor", "CUS-IT", (Discipline.IT, Discipline.PLANNING)),
    Member("Noor Haddad", "noor.haddad", "CUS-IT", (Discipline.IT, Discipline.CHANGE)),
    Member("Clara Novak", "clara.novak", "COR", (Discipline.PLANNING, Discipline.CHANGE)),
    Member("Tomas Rossi", "tomas.rossi", "COR-FIN", (Discipline.PLANNING, Discipline.FINANCE)),
)
# They own the portfolios, and so decide with the sponsors whether a project is killed.
SPONSORS = (
    Member("Henrik Solberg", "henrik.solberg", "GRD", (Discipline.OTHER,), Role.EXECUTIVE, "GRID"),
    Member("Maria Petrova", "maria.petrova", "CUS", (Discipline.OTHER,), Role.EXECUTIVE, "CUSTOMER"),
    Member("George Bennett", "george.bennett", "COR", (Discipline.FINANCE,), Role.EXECUTIVE, "CORPORATE"),
)
PORTFOLIO_LEADS = (
    Member(
        "Camille Dubois", "camille.dubois", "CUS", (Discipline.DELIVERY,), Role.PORTFOLIO_MANAGER, "CUSTOMER"
    ),
    Member(
        "Oskar Lehmann", "oskar.lehmann", "COR", (Discipline.DELIVERY,), Role.PORTFOLIO_MANAGER, "CORPORATE"
    ),
    Member(
        "Priya Raman",
        "priya.raman",
        "CUS-IT",
        (Discipline.IT, Discipline.DELIVERY),
        Role.PROGRAM_MANAGER,
        "CHANNELS",
    ),
    Member(
        "Daniel Meyer", "daniel.meyer", "COR-REG", (Discipline.DELIVERY,), Role.PROGRAM_MANAGER, "COMPLIANCE"
    ),
)
TEAM = (
    Member("Emma Larsen", "emma.larsen", "GRD-ENG", (Discipline.DELIVERY,)),
    Member("Victor Stan", "victor.stan", "GRD-OPS", (Discipline.DELIVERY, Discipline.PROCUREMENT)),
    Member("Hana Suzuki", "hana.suzuki", "GRD-OPS", (Discipline.DELIVERY,), fte="0.80"),
    Member("Oliver Grant", "oliver.grant", "CUS-IT", (Discipline.IT,)),
    Member("Zeynep Kaya", "zeynep.kaya", "CUS-IT", (Discipline.IT, Discipline.QUALITY)),
    Member("Lucas Martin", "lucas.martin", "CUS-CX", (Discipline.CHANGE,), fte="0.50"),
    Member("Nina Popescu", "nina.popescu", "COR-HR", (Discipline.CHANGE,)),
    Member("Ivan Horvat", "ivan.horvat", "COR-REG", (Discipline.QUALITY, Discipline.RISK)),
)
EVERYBODY = SIGN_INS + PORTFOLIO_LEADS + MANAGERS + SPONSORS + TEAM
