"""Units, people and sign-ins of the demo organization."""

from dataclasses import dataclass

from pmo_portal.accounts.choices import Discipline as D
from pmo_portal.accounts.choices import OrgUnitKind, Role

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
    Member("Adam Administrator", "admin", "CUS-IT", (D.IT,), Role.ADMINISTRATOR),
    Member("Paula Hartmann", "pmo.head", "PMO", (D.PLANNING, D.QUALITY), Role.PMO_HEAD),
    Member("Peter Analyst", "pmo.analyst", "PMO", (D.PLANNING, D.RISK), Role.PMO_ANALYST),
    Member("Greta Lindqvist", "portfolio.manager", "GRD", (D.DELIVERY,), Role.PORTFOLIO_MANAGER, "GRID"),
    Member(
        "Malik Osei", "program.manager", "GRD-ENG", (D.DELIVERY, D.PLANNING), Role.PROGRAM_MANAGER, "RENEWAL"
    ),
    Member("Sofia Brandt", "sponsor", "GRD", (D.OTHER,), Role.SPONSOR),
    Member("Edward Whitfield", "executive", "NWU", (D.OTHER,), Role.EXECUTIVE),
    Member("Alice Moreau", "project.manager", "PMO", (D.PLANNING, D.DELIVERY), Role.PROJECT_MANAGER),
    Member("Bob Tanaka", "team.member", "GRD-ENG", (D.DELIVERY,), Role.TEAM_MEMBER),
    Member("Quinn Adebayo", "quality.reviewer", "PMO", (D.QUALITY,), Role.QUALITY_REVIEWER, "GRID"),
    Member("Fiona Kowalski", "finance.controller", "COR-FIN", (D.FINANCE,), Role.FINANCE_CONTROLLER),
    Member("Rashid Nowak", "risk.manager", "PMO", (D.RISK,), Role.RISK_MANAGER),
    Member("Stella Jensen", "stakeholder", "CUS-CX", (D.CHANGE,), Role.STAKEHOLDER, "CUSTOMER"),
    Member("Audrey Fontaine", "auditor", "COR-REG", (D.QUALITY, D.FINANCE), Role.AUDITOR),
)

MANAGERS = (
    Member("Jonas Weber", "jonas.weber", "GRD-ENG", (D.DELIVERY, D.PLANNING)),
    Member("Ines Carvalho", "ines.carvalho", "GRD-OPS", (D.DELIVERY,)),
    Member("Liam O'Connor", "liam.oconnor", "CUS-IT", (D.IT, D.PLANNING)),
    Member("Noor Haddad", "noor.haddad", "CUS-IT", (D.IT, D.CHANGE)),
    Member("Clara Novak", "clara.novak", "COR", (D.PLANNING, D.CHANGE)),
    Member("Tomas Rossi", "tomas.rossi", "COR-FIN", (D.PLANNING, D.FINANCE)),
)
SPONSORS = (
    Member("Henrik Solberg", "henrik.solberg", "GRD", (D.OTHER,)),
    Member("Maria Petrova", "maria.petrova", "CUS", (D.OTHER,)),
    Member("George Bennett", "george.bennett", "COR", (D.FINANCE,)),
)
PORTFOLIO_LEADS = (
    Member("Camille Dubois", "camille.dubois", "CUS", (D.DELIVERY,), Role.PORTFOLIO_MANAGER, "CUSTOMER"),
    Member("Oskar Lehmann", "oskar.lehmann", "COR", (D.DELIVERY,), Role.PORTFOLIO_MANAGER, "CORPORATE"),
    Member("Priya Raman", "priya.raman", "CUS-IT", (D.IT, D.DELIVERY), Role.PROGRAM_MANAGER, "CHANNELS"),
    Member("Daniel Meyer", "daniel.meyer", "COR-REG", (D.DELIVERY,), Role.PROGRAM_MANAGER, "COMPLIANCE"),
)
TEAM = (
    Member("Emma Larsen", "emma.larsen", "GRD-ENG", (D.DELIVERY,)),
    Member("Victor Stan", "victor.stan", "GRD-OPS", (D.DELIVERY, D.PROCUREMENT)),
    Member("Hana Suzuki", "hana.suzuki", "GRD-OPS", (D.DELIVERY,), fte="0.80"),
    Member("Oliver Grant", "oliver.grant", "CUS-IT", (D.IT,)),
    Member("Zeynep Kaya", "zeynep.kaya", "CUS-IT", (D.IT, D.QUALITY)),
    Member("Lucas Martin", "lucas.martin", "CUS-CX", (D.CHANGE,), fte="0.50"),
    Member("Nina Popescu", "nina.popescu", "COR-HR", (D.CHANGE,)),
    Member("Ivan Horvat", "ivan.horvat", "COR-REG", (D.QUALITY, D.RISK)),
)
EVERYBODY = SIGN_INS + PORTFOLIO_LEADS + MANAGERS + SPONSORS + TEAM
