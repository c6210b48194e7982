"""What each earned value technique needs to know, checked (domain 6.3, CST-7)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo_portal.common.errors import DomainError
from projects.choices import EvCurve, EvTechnique, TaskKind
from projects.models import Project, Task

HUNDRED = Decimal(100)
MOST_STEPS = 100
LARGEST_QUANTITY = Decimal(10_000_000)
Details = dict[str, Any]


def checked_details(task: Task, technique: str, details: Mapping[str, Any]) -> Details | None:
    """
    Return details in the form they are stored; None where there is nothing to know.

    Parameters
    ----------
    task : Task
        With its project.
    details : mapping
        By technique: ``start_share``; ``milestones`` (name, weight, on); ``planned_units``, ``unit``;
        ``baseline_points``, ``increments`` (points, on); ``base`` (number of a task). Where the technique
        leaves the shape of planned value open: ``curve``, and for a manual one ``manual`` (percent, on).

    Raises
    ------
    DomainError
        ``UNKNOWN_DETAIL``, ``DETAIL_NEEDED``, ``NOT_A_NUMBER``, ``NOT_A_DAY``, ``OUT_OF_RANGE``,
        ``WEIGHTS_SUM``, ``POINTS_SUM``, ``CURVE_FALLS``, ``TOO_MANY``, ``NO_TASK``, ``OWN_BASE`` or
        ``BASE_RING``, each on its field.
    """
    given = {name: value for name, value in details.items() if value not in (None, "", [], ())}
    allowed, check = _CHECKS.get(technique, (frozenset(), _nothing))
    unknown = sorted(set(given) - allowed)
    if unknown:
        raise _refused("UNKNOWN_DETAIL", _("This technique does not know this detail."), unknown[0])
    return check(task, given) or None


def _refused(code: str, message: Any, field: str) -> DomainError:
    return DomainError(message, code=code, field=field)


def _number(value: Any, field: str, *, above: Decimal | None = None, upto: Decimal = HUNDRED) -> Decimal:
    """Return a number of at most two decimals, from 0 (or above a bound) up to a bound."""
    try:
        number = Decimal(str(value).replace(",", ".")).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise _refused("NOT_A_NUMBER", _("This is not a number."), field) from None
    if number > upto or number < 0 or (above is not None and number <= above):
        raise _refused("OUT_OF_RANGE", _("This number is too small or too large."), field)
    return number


def _day(value: Any, field: str) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    except ValueError:
        raise _refused("NOT_A_DAY", _("A day is written like 2026-03-31."), field) from None


def _rows(value: Any, field: str, keys: set[str]) -> Sequence[Mapping[str, Any]]:
    """Return a list of mappings that hold the keys."""
    is_list = isinstance(value, list | tuple) and all(
        isinstance(row, Mapping) and keys <= set(row) for row in value
    )
    if not is_list:
        raise _refused("DETAIL_NEEDED", _("Each row needs all its values."), field)
    if len(value) > MOST_STEPS:
        raise _refused("TOO_MANY", _("At most 100 rows are possible."), field)
    rows: Sequence[Mapping[str, Any]] = value
    return rows


def _nothing(task: Task, given: Mapping[str, Any]) -> Details:
    return {}


def _curve(task: Task, given: Mapping[str, Any]) -> Details:
    """Check the shape of planned value; an even one needs no word."""
    curve = str(given.get("curve", EvCurve.LINEAR))
    if curve not in EvCurve.values:
        raise _refused("UNKNOWN_DETAIL", _("There is no such shape."), "curve")
    if curve != EvCurve.MANUAL:
        if "manual" in given:
            raise _refused("UNKNOWN_DETAIL", _("Only a shape given by hand has percentages."), "manual")
        return {} if curve == EvCurve.LINEAR else {"curve": curve}
    corners = [
        {"on": _day(row["on"], "manual"), "percent": str(_number(row["percent"], "manual"))}
        for row in _rows(given.get("manual", []), "manual", {"on", "percent"})
    ]
    corners.sort(key=lambda row: row["on"])
    shares = [Decimal(row["percent"]) for row in corners]
    if not corners:
        raise _refused("DETAIL_NEEDED", _("Give the percentage planned by the end of each period."), "manual")
    if shares != sorted(shares):
        raise _refused("CURVE_FALLS", _("Planned percentages add up over time, so none may fall."), "manual")
    return {"curve": curve, "manual": corners}


def _split(task: Task, given: Mapping[str, Any]) -> Details:
    share = _number(given.get("start_share", 50), "start_share")
    return {} if share == 50 else {"start_share": str(share)}


def _milestones(task: Task, given: Mapping[str, Any]) -> Details:
    steps = [
        {
            "name": str(row.get("name", "")).strip()[:150],
            "weight": str(_number(row["weight"], "milestones", above=Decimal(0))),
            "on": _day(row["on"], "milestones"),
        }
        for row in _rows(given.get("milestones", []), "milestones", {"weight", "on"})
    ]
    if sum((Decimal(step["weight"]) for step in steps), Decimal(0)) != HUNDRED:
        raise _refused("WEIGHTS_SUM", _("The weights of all steps must add up to 100."), "milestones")
    return {"milestones": steps}


def _units(task: Task, given: Mapping[str, Any]) -> Details:
    if "planned_units" not in given:
        raise _refused("DETAIL_NEEDED", _("Say how many units are planned."), "planned_units")
    planned = _number(given["planned_units"], "planned_units", above=Decimal(0), upto=LARGEST_QUANTITY)
    named = {"unit": str(given["unit"]).strip()[:40]} if "unit" in given else {}
    return {"planned_units": str(planned), **named, **_curve(task, given)}


def _points(task: Task, given: Mapping[str, Any]) -> Details:
    increments = [
        {
            "points": str(_number(row["points"], "increments", above=Decimal(0), upto=LARGEST_QUANTITY)),
            "on": _day(row["on"], "increments"),
        }
        for row in _rows(given.get("increments", []), "increments", {"points", "on"})
    ]
    planned = sum((Decimal(row["points"]) for row in increments), Decimal(0))
    stated = given.get("baseline_points", planned)
    whole = _number(stated, "baseline_points", above=Decimal(0), upto=LARGEST_QUANTITY)
    if not increments:
        return {"baseline_points": str(whole), **_curve(task, given)}
    if planned != whole:
        raise _refused(
            "POINTS_SUM",
            _("The points of all increments must add up to those planned."),
            "increments",
        )
    return {"baseline_points": str(whole), "increments": increments}


def _apportioned(task: Task, given: Mapping[str, Any]) -> Details:
    number = given.get("base")
    if number is None:
        raise _refused("DETAIL_NEEDED", _("Name the task it goes along with."), "base")
    if number == task.uid:
        raise _refused("OWN_BASE", _("A task cannot go along with itself."), "base")
    is_number = isinstance(number, int) and not isinstance(number, bool)
    leaves = Task.objects.filter(project=task.project, is_active=True).exclude(kind=TaskKind.SUMMARY)
    if not is_number or not leaves.filter(uid=number).exists():
        raise _refused("NO_TASK", _("There is no such task in this project."), "base")
    _refuse_ring(task, number)
    return {"base": number}


def _refuse_ring(task: Task, number: int) -> None:
    """Refuse a base that follows the task itself, named in order. One query."""
    followed = _bases_of(task.project)
    chain = [number]
    while chain[-1] in followed and followed[chain[-1]] not in chain:
        chain.append(followed[chain[-1]])
        if chain[-1] == task.uid:
            names = dict(Task.objects.filter(project=task.project, uid__in=chain).values_list("uid", "name"))
            raise _refused(
                "BASE_RING",
                _("These tasks would go along with each other in a ring: %(names)s.")
                % {"names": " → ".join(names[uid] for uid in [task.uid, *chain])},
                "base",
            )


def _bases_of(project: Project) -> dict[int, int]:
    """Return the base of each apportioned task of a project, by number. One query."""
    rows = Task.objects.filter(
        project=project, ev_technique=EvTechnique.APPORTIONED, ev_details__isnull=False
    ).values_list("uid", "ev_details")
    return {uid: details["base"] for uid, details in rows.order_by("uid") if details and "base" in details}


Check = Callable[[Task, Mapping[str, Any]], Details]
_SHAPE = frozenset({"curve", "manual"})
_CHECKS: dict[str, tuple[frozenset[str], Check]] = {
    EvTechnique.PERCENT_COMPLETE: (_SHAPE, _curve),
    EvTechnique.FIXED_50_50: (frozenset({"start_share"}), _split),
    EvTechnique.WEIGHTED_MILESTONES: (frozenset({"milestones"}), _milestones),
    EvTechnique.UNITS: (_SHAPE | {"planned_units", "unit"}, _units),
    EvTechnique.AGILE_POINTS: (_SHAPE | {"baseline_points", "increments"}, _points),
    EvTechnique.APPORTIONED: (frozenset({"base"}), _apportioned),
}
