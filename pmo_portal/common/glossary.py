"""
The words of the portal: one term per thing, each with its definition.

The help page shows them, ``docs/glossary.md`` is printed from them (``python -m tests.docs.glossary``).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Term:
    """A word, its abbreviation if it has one, and what it means."""

    name: str | Promise
    meaning: str | Promise
    short: str = ""


# In alphabetical order of the English names.
TERMS: tuple[Term, ...] = (
    Term(
        _("actual cost"), _("Money the work done so far has cost, from postings up to the data date."), "AC"
    ),
    Term(
        _("anchor"),
        _("The number and hash of the newest audit entry, written to a file outside the database."),
    ),
    Term(
        _("as of"),
        _("The date a page speaks about. It shows what was known then, whatever was learned later."),
    ),
    Term(_("assignment"), _("A resource on a task, with units and work.")),
    Term(
        _("audit trail"),
        _(
            "Every change with its time, person, reason, and the values before and after. Nothing in "
            "it can change."
        ),
    ),
    Term(
        _("baseline"),
        _(
            "The dates and budgets approved at a moment, frozen. The first is the original, the "
            "newest effective one is the current baseline."
        ),
    ),
    Term(
        _("baseline execution index"),
        _("Tasks finished so far, divided by tasks that the baseline had finished by the data date."),
        "BEI",
    ),
    Term(_("budget at completion"), _("The sum of the baseline budget of all work."), "BAC"),
    Term(
        _("calendar"),
        _("Working hours of a week and the exceptions from it; durations count its working time."),
    ),
    Term(
        _("certificate"),
        _(
            "Says that somebody passed a course. It has a number that can be checked, and a last day if the "
            "course asks for one."
        ),
    ),
    Term(_("change control board"), _("The people who decide on change requests."), "CCB"),
    Term(
        _("color"),
        _(
            "The result of a rating: green, amber, red; gray for not rated, blue for closed. Always "
            "with its reason."
        ),
    ),
    Term(
        _("commitment"),
        _("Money promised to a supplier, such as an order; open as far as it is not invoiced."),
    ),
    Term(
        _("completion milestone"),
        _("The milestone whose finish is the finish of the project. Without one the last task decides."),
    ),
    Term(_("component"), _("A project in a portfolio or program, with what the portfolio knows about it.")),
    Term(
        _("confidential project"),
        _("A project that is missing from lists, counts and sums of everybody without a right to see it."),
    ),
    Term(
        _("constraint"),
        _("A date a task has to respect, such as “start no earlier than”."),
    ),
    Term(
        _("contingency"),
        _("Money set aside for known risks, on top of the budget of the work."),
    ),
    Term(
        _("cost performance index"),
        _("Earned value divided by actual cost. Below 1, the work costs more than planned."),
        "CPI",
    ),
    Term(_("cost variance"), _("Earned value minus actual cost. Negative is over budget."), "CV"),
    Term(
        _("course"),
        _(
            "Modules to read and a quiz; required by roles, passed with the pass mark, for a number of "
            "months."
        ),
    ),
    Term(
        _("coverage"),
        _("Weight of the rated dimensions, of 100. Below 50 a project is not rated, unless it is red."),
    ),
    Term(
        _("critical path"),
        _("The chain of tasks that sets the finish of the project: a delay there delays the whole."),
    ),
    Term(
        _("critical path length index"),
        _(
            "Length of the critical path plus its float, divided by its length. Below 1, the finish "
            "is in danger."
        ),
        "CPLI",
    ),
    Term(_("criticality index"), _("Share of simulated runs in which a task is on the critical path."), "CI"),
    Term(
        _("data date"),
        _("The day up to which progress and cost are known; everything after it is forecast."),
    ),
    Term(
        _("data quality"),
        _(
            "How far the inputs can be trusted, from 0 to 100: fresh report, baseline, postings, "
            "owners. It changes no color."
        ),
        "DQ",
    ),
    Term(_("deadline"), _("A date a task should keep; missing it is shown and moves nothing.")),
    Term(
        _("declared color"),
        _(
            "What the project manager says about a dimension. It may make a color worse; making it "
            "better needs acceptance by the PMO."
        ),
    ),
    Term(
        _("dimension"),
        _(
            "One of the eight sides of health: schedule, cost, scope, risk, resources, quality, "
            "benefits, governance."
        ),
    ),
    Term(_("distribution"), _("How many projects, and how much budget, have each color, gray included.")),
    Term(
        _("document"),
        _(
            "What a project writes from a document template, in versions; an approved version keeps its "
            "words and their checksum."
        ),
    ),
    Term(
        _("duration"),
        _("Working time between start and finish of a task; the portal counts minutes and shows days."),
    ),
    Term(
        _("earned schedule"),
        _(
            "The moment at which the plan meant to have earned what is earned now; the index SPI(t) "
            "is made from it."
        ),
    ),
    Term(_("earned value"), _("Budget of the work that is done."), "EV"),
    Term(
        _("estimate at completion"),
        _("What the whole work is expected to cost, by the method the project declares."),
        "EAC",
    ),
    Term(_("estimate to complete"), _("What the rest of the work is expected to cost."), "ETC"),
    Term(
        _("exception"),
        _(
            "A project somebody should look at, by one of the rules E1 to E12; also a day on which a "
            "calendar differs."
        ),
    ),
    Term(_("expected monetary value"), _("Probability of a risk times its effect in money."), "EMV"),
    Term(
        _("explanation"),
        _(
            "The ordered steps that led to a color: rule, dimension, indicator, value, limits, "
            "guards. Enough to work it out by hand."
        ),
    ),
    Term(
        _("flagship"),
        _("A project marked as so important that its red makes the portfolio red."),
    ),
    Term(
        _("forecast at completion"),
        _("From the ledger: actual cost, open commitments and the estimate of what is not yet committed."),
        "FAC",
    ),
    Term(_("free float"), _("How far a task may slip without moving any other."), "FF"),
    Term(
        _("gate condition"),
        _(
            "Something a conditional go asks for, with an owner and a day; it holds up the next "
            "gate until it is met or waived."
        ),
    ),
    Term(
        _("gate pack"),
        _("What a forum reads before it decides a gate: question, readiness, evidence, forecast, request."),
    ),
    Term(
        _("grant"),
        _("A role of a person on a node of the tree of scopes, for a time; it holds for everything below."),
    ),
    Term(
        _("guard"),
        _("A rule that bounds a color afterwards: too little data, a stale report, on hold."),
    ),
    Term(_("health"), _("How a project or portfolio is doing, computed by the health policy.")),
    Term(
        _("health policy"),
        _("Indicators, limits, weights and rules of health, as a numbered version that never changes."),
    ),
    Term(
        _("indicator"),
        _(
            "One measured value with a green and an amber limit, such as HS1, the slip of the finish "
            "in percent."
        ),
    ),
    Term(_("job"), _("A piece of work the portal does in the background, with progress and result.")),
    Term(_("key milestone"), _("A milestone that health looks at: missing it counts.")),
    Term(
        _("knock-out"),
        _(
            "A question of a gate that must be answered with yes; otherwise only hold, recycle or "
            "kill can be decided."
        ),
    ),
    Term(_("lag"), _("Time between the two ends of a link; negative is a lead.")),
    Term(
        _("lesson"),
        _(
            "What a project learned: what happened, its cause, and what others should do. The PMO publishes "
            "it, and it is offered to projects it fits."
        ),
    ),
    Term(
        _("level of effort"),
        _("Work that goes along with other work and has no result of its own, such as supervision."),
        "LOE",
    ),
    Term(
        _("link"),
        _(
            "One task waits for another: finish to start (FS), start to start (SS), finish to finish "
            "(FF), start to finish (SF)."
        ),
    ),
    Term(
        _("management reserve"), _("Money set aside for what nobody foresaw; not part of the baseline."), "MR"
    ),
    Term(
        _("mapping"),
        _("What the columns of a table mean, kept under a name and used again for the next file."),
    ),
    Term(_("milestone"), _("A moment in the plan without duration.")),
    Term(
        _("milestone trend analysis"),
        _("Forecast dates of milestones, as they were seen report by report."),
        "MTA",
    ),
    Term(
        _("node"),
        _("A place in the tree of scopes: the organization, a portfolio, a program or a project."),
    ),
    Term(
        _("not rated"),
        _("There are not enough facts for a color. The reason is shown; it is never counted as green."),
    ),
    Term(_("organization breakdown structure"), _("The tree of units and people who do the work."), "OBS"),
    Term(
        _("P50, P80"),
        _("Dates or costs that are kept in 50 or 80 percent of simulated runs."),
    ),
    Term(
        _("performance measurement baseline"),
        _("The budget of the work spread over time; planned value is read from it."),
        "PMB",
    ),
    Term(
        _("period"),
        _("A stretch of days that is reported and closed together; by default the calendar month."),
    ),
    Term(
        _("period close"),
        _(
            "The snapshot at the end of a period. It is locked and kept for ever; the period takes no "
            "postings."
        ),
    ),
    Term(_("planned duration"), _("Length of the baseline, from its start to its finish."), "PD"),
    Term(_("planned value"), _("Budget of the work that should be done by the data date."), "PV"),
    Term(
        _("portfolio"),
        _("Projects and programs that are looked at together; portfolios can lie in portfolios."),
    ),
    Term(
        _("program"),
        _("Projects that reach an outcome together, with a manager and a sponsor."),
    ),
    Term(
        _("quorum"),
        _("How many deciders must have voted, abstentions included, before the chair decides."),
    ),
    Term(_("RAID"), _("Risks, assumptions, issues and dependencies.")),
    Term(
        _("readiness"),
        _(
            "How much of what a gate asks is answered with yes, by weight, from 0 to 100 percent; "
            "partly counts half."
        ),
    ),
    Term(
        _("revision"), _("Number of a snapshot that was made again because inputs of its date had changed.")
    ),
    Term(_("role"), _("A set of rights, such as project manager; what each may do stands in one table.")),
    Term(
        _("roll-up"),
        _(
            "The computation of all projects, then of programs, portfolios and the organization, for "
            "one date."
        ),
    ),
    Term(
        _("schedule performance index"),
        _(
            "Earned value divided by planned value. SPI(t) is the index in time, which stays "
            "meaningful to the end."
        ),
        "SPI",
    ),
    Term(
        _("schedule quality"),
        _("How well a plan is built: of 14 checks that apply, the share that is passed; from 0 to 100."),
    ),
    Term(_("schedule variance"), _("Earned value minus planned value. Negative is behind."), "SV"),
    Term(
        _("scope"),
        _(
            "What a right holds for: a node and everything below it. As a dimension of health, what "
            "the project is to deliver."
        ),
    ),
    Term(
        _("score"),
        _("Points from 0 to 100 over the rated dimensions by weight: green 100, amber 50, red 0."),
        "H",
    ),
    Term(
        _("slip"),
        _("Working days by which a finish is later than its baseline."),
    ),
    Term(
        _("snapshot"),
        _("Facts or health of a date, kept as they were; pages read snapshots."),
    ),
    Term(_("stage gate"), _("A decision between two phases: go on, stop, or go on under conditions.")),
    Term(
        _("stale"),
        _("Older than it may be: a report past its cycle, or a result whose inputs have changed."),
    ),
    Term(_("summary"), _("A row of the plan that holds others; its dates and progress come from them.")),
    Term(_("task"), _("A row of the plan: work with a duration, or a milestone.")),
    Term(
        _("tier"),
        _("Complexity of a project, from T1 to T4, the most complex. It decides what a method asks for."),
    ),
    Term(
        _("to-complete performance index"),
        _("Cost performance the rest of the work needs to end on budget."),
        "TCPI",
    ),
    Term(_("token"), _("A key a script signs in with; it never has more rights than its owner.")),
    Term(
        _("total float"),
        _("How far a task may slip without delaying the finish of the project."),
        "TF",
    ),
    Term(
        _("training compliance"),
        _("Required courses that are passed and hold, divided by required courses that are due."),
    ),
    Term(
        _("trend"),
        _(
            "Score against the former period close: five points or more up is improving, five or "
            "more down is declining."
        ),
    ),
    Term(_("variance at completion"), _("Budget at completion minus estimate at completion."), "VAC"),
    Term(
        _("work breakdown structure"),
        _("The tree of all work of a project; its numbers say where a row belongs."),
        "WBS",
    ),
    Term(_("working day"), _("A day on which the calendar has working time."), "wd"),
    Term(_("worst child"), _("The worst color below a group, so that an average hides nothing.")),
)


def terms_found(search: str) -> list[Term]:
    """
    Return the terms whose name, abbreviation or meaning contains the text, in the order of their names.

    Parameters
    ----------
    search : str
        Any text, large and small letters alike; empty for all terms.

    Returns
    -------
    list of Term
        Names and meanings are read in the language of the moment.
    """
    wanted = search.casefold()
    found = [term for term in TERMS if wanted in f"{term.name}\n{term.short}\n{term.meaning}".casefold()]
    return sorted(found, key=lambda term: str(term.name).casefold())
