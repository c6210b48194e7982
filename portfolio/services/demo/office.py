"""The office of the demo: head, members by discipline with one gap, and what it was asked."""

from datetime import date, timedelta

from portfolio.models import Pmo
from portfolio.services.demo.cast import Cast
from portfolio.services.help_requests import answer_request, ask_for_help, take_request
from portfolio.services.offices import add_member, adopt_charter, create_office

YEAR = timedelta(days=365)
# Mailbox, discipline, role, topics, percent; nobody covers IT.
MEMBERS = (
    ("pmo.head", "PLANNING", "HEAD", "schedules, baselines, gates", 60),
    ("pmo.analyst", "PLANNING", "ANALYST", "critical path, schedule checks, imports", 100),
    ("finance.controller", "FINANCE", "LEAD", "earned value, budgets, forecasts", 30),
    ("risk.manager", "RISK", "LEAD", "risk workshops, risk scales", 40),
)
FIRST_CHARTER = "The office supports projects: methods, templates, training, and help when it is asked."
CHARTER = (
    "The office supports projects and reports on all of them: methods, templates, training, monthly roll-up, "
    "gate reviews. It decides which standards apply; sponsors decide on projects. It is measured by answers "
    "in time and by compliance."
)
CHARTERS = (
    (FIRST_CHARTER, "", 700),
    (CHARTER, "Reporting and gates after the need assessment", 330),
)
# Who asks, discipline, question, asked so many days ago, answered after so many.
QUESTIONS = (
    ("project.manager", "FINANCE", "How do I show a contract change in the budget?", 40, 2),
    ("team.member", "PLANNING", "Which progress do I report for a task that waits?", 33, 1),
    ("project.manager", "RISK", "Which scale do we use for probability?", 19, 5),
    ("portfolio.manager", "FINANCE", "Why does the forecast differ from the trend?", 12, None),
    ("project.manager", "PLANNING", "Can somebody look over our baseline?", 1, None),
)


def staff_office(cast: Cast, *, as_of: date) -> None:
    """Set up the office two years ago and let people ask it since."""
    made = create_office(
        actor=cast.pmo, name="Project office", mandate="CONTROLLING", head=cast.people["pmo.head"]
    )
    for text, note, ago in CHARTERS:
        day = as_of - timedelta(days=ago)
        adopt_charter(actor=cast.pmo, office=made, text=text, change_note=note, today=day)
    for mailbox, discipline, role, topics, percent in MEMBERS:
        add_member(
            actor=cast.pmo,
            office=made,
            person=cast.people[mailbox],
            discipline=discipline,
            role=role,
            topics=topics,
            allocation_percent=percent,
            valid_from=as_of - 2 * YEAR,
        )
    _ask(cast, made, as_of)


def _ask(cast: Cast, office: Pmo, as_of: date) -> None:
    experts = {discipline: mailbox for mailbox, discipline, *_rest in MEMBERS}
    for mailbox, discipline, title, ago, after in QUESTIONS:
        day, helper = as_of - timedelta(days=ago), cast.users[experts[discipline]]
        asked = ask_for_help(
            actor=cast.users[mailbox], office=office, discipline=discipline, title=title, today=day
        )
        if after is not None:
            answer_request(
                actor=helper,
                request=asked,
                answer="As we discussed; the guide in the library says it in full.",
                today=day + timedelta(days=after),
                expected_version=None,
            )
        elif ago > 1:
            take_request(actor=helper, request=asked, today=day, expected_version=None)
