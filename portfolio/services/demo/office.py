"""The office of the demo: head, members by discipline with one gap, and what it was asked."""

from dataclasses import dataclass
from datetime import date, timedelta

from pmo_portal.accounts.scopes import holds
from portfolio.models import Pmo
from portfolio.rollup.answer_time import workdays_after
from portfolio.services.demo.cast import Cast
from portfolio.services.help_requests import answer_request, ask_for_help, take_request
from portfolio.services.offices import add_member, adopt_charter, create_office

YEAR = timedelta(days=365)
# Mailbox, discipline, role, topics, percent, left so many days ago; nobody covers IT any more.
MEMBERS = (
    ("pmo.head", "PLANNING", "HEAD", "schedules, baselines, gates", 60, None),
    ("pmo.analyst", "PLANNING", "ANALYST", "critical path, schedule checks, imports", 100, None),
    ("finance.controller", "FINANCE", "LEAD", "earned value, budgets, forecasts", 30, None),
    ("risk.manager", "RISK", "LEAD", "risk workshops, risk scales", 40, None),
    ("quality.reviewer", "QUALITY", "LEAD", "reviews, acceptance, lessons", 20, None),
    ("oliver.grant", "IT", "ANALYST", "tools, interfaces", 50, 74),
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


@dataclass(frozen=True)
class Question:
    """What somebody asked so many days ago, and what was answered how many working days later."""

    who: str
    discipline: str
    title: str
    text: str
    ago: int
    after: int | None = None
    answer: str = ""


QUESTIONS = (
    Question(
        who="noor.haddad",
        discipline="IT",
        title="Who decides on the interface to the billing system?",
        text="Two teams want to change it in the same quarter.",
        ago=90,
        after=3,
        answer="The architecture round on Thursdays. Send the one-page template two days before.",
    ),
    Question(
        who="jonas.weber",
        discipline="RISK",
        title="How many risks belong into a workshop of two hours?",
        text="We are eight people and have forty entries in the old register.",
        ago=78,
        after=2,
        answer="Take the ten with the highest exposure and leave the others to their owners beforehand. "
        "The guide to risk workshops in the library has an agenda; I come along to the first one.",
    ),
    Question(
        who="project.manager",
        discipline="FINANCE",
        title="How do I show a contract change in the budget?",
        text="The supplier charges 18,000 more for the second transformer.",
        ago=40,
        after=2,
        answer="Write a change request first. Once it is approved, the budget line is raised by it; the "
        "commitment follows with the order. Do not use the contingency for something that was agreed.",
    ),
    Question(
        who="team.member",
        discipline="PLANNING",
        title="Which progress do I report for a task that waits?",
        text="The crane is not there, so half of it is done and nothing moves.",
        ago=33,
        after=1,
        answer="What was done, not what time has passed. Leave the percentage, set the remaining days anew, "
        "and write in the comment what it waits for: your project manager sees both.",
    ),
    Question(
        who="project.manager",
        discipline="RISK",
        title="Which scale do we use for probability?",
        text="The supplier works with three steps, we with five.",
        ago=19,
        after=5,
        answer="Five steps, everywhere: otherwise the portfolio cannot be added up. Map the three steps of "
        "the supplier to 2, 3 and 4.",
    ),
    Question(
        who="portfolio.manager",
        discipline="FINANCE",
        title="Why does the forecast differ from the trend?",
        text="The money page of one cable project says 2.1 million, its curve points to 2.4.",
        ago=12,
    ),
    Question(
        who="project.manager",
        discipline="PLANNING",
        title="Can somebody look over our baseline?",
        text="Before the gate next week; half an hour would do.",
        ago=1,
    ),
)


def staff_office(cast: Cast, *, as_of: date) -> None:
    """Set up the office two years ago and let people ask it since."""
    made = create_office(
        actor=cast.pmo, name="Project office", mandate="CONTROLLING", head=cast.people["pmo.head"]
    )
    for text, note, ago in CHARTERS:
        day = as_of - timedelta(days=ago)
        adopt_charter(actor=cast.pmo, office=made, text=text, change_note=note, today=day)
    for mailbox, discipline, role, topics, percent, left in MEMBERS:
        add_member(
            actor=cast.pmo,
            office=made,
            person=cast.people[mailbox],
            discipline=discipline,
            role=role,
            topics=topics,
            allocation_percent=percent,
            valid_from=as_of - 2 * YEAR,
            valid_to=None if left is None else as_of - timedelta(days=left),
        )
    _ask(cast, made, as_of)


def _ask(cast: Cast, office: Pmo, as_of: date) -> None:
    experts = {discipline: mailbox for mailbox, discipline, *_rest in MEMBERS}
    # In a small demo not everybody is on a project, and who holds no role asks nothing.
    for each in (one for one in QUESTIONS if holds(cast.users[one.who], "office.view")):
        day, helper = as_of - timedelta(days=each.ago), cast.users[experts[each.discipline]]
        asked = ask_for_help(
            actor=cast.users[each.who],
            office=office,
            discipline=each.discipline,
            title=each.title,
            text=each.text,
            today=day,
        )
        if each.after is not None:
            on = workdays_after(day, each.after)
            answer_request(actor=helper, request=asked, answer=each.answer, today=on, expected_version=None)
        elif each.ago > 1:
            take_request(actor=helper, request=asked, today=day, expected_version=None)
