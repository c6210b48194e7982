"""How the dates computed for a schedule file agree with those it stores, as the preview shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from projects.choices import ScheduleConvention

FIELDS: Mapping[str, str | Promise] = {
    "early_start": _("Early start"),
    "early_finish": _("Early finish"),
    "late_start": _("Late start"),
    "late_finish": _("Late finish"),
    "total_float": _("Total float"),
    "critical": _("Critical"),
}
REASONS: Mapping[str, str | Promise] = {
    "NO_TASKS": _("The file has no tasks to compute dates for."),
    "NOT_STORED": _(
        "The file stores no early or late dates, no float and no critical tasks, so there is nothing to "
        "compare. The portal computes them after the import."
    ),
    "EMPTY_CALENDAR": _(
        "A task and its people share no working time, so no dates can be computed. Check the calendars of "
        "the file."
    ),
    "OUT_OF_RANGE": _("The dates of the plan leave the years 1900 to 2199, so none are compared."),
}


@dataclass(frozen=True)
class FieldLine:
    """One kind of value: how many agree, differ and cannot be compared."""

    label: str | Promise
    agree: int
    differ: int
    not_compared: int


@dataclass(frozen=True)
class DateChange:
    """A value of the file and the one computed."""

    label: str
    stored: str
    computed: str


@dataclass(frozen=True)
class DifferingRow:
    """A task of which values differ."""

    wbs: str
    name: str
    changes: tuple[DateChange, ...]


@dataclass(frozen=True)
class DatesShown:
    """The comparison of one project of a file; ``reason`` says why there is none."""

    rules: str
    tasks: int
    verdict: str
    is_same: bool
    reason: str
    note: str
    fields: tuple[FieldLine, ...]
    rows: tuple[DifferingRow, ...]
    differing: int

    @property
    def more(self) -> int:
        """How many differing tasks are not shown."""
        return self.differing - len(self.rows)


def dates_shown(data: Mapping[str, Any] | None) -> DatesShown | None:
    """Return a stored comparison; None where the preview was made without one."""
    if data is None:
        return None
    per_day = Decimal(data["minutes_per_day"] or 480)
    return DatesShown(
        rules=str(dict(ScheduleConvention.choices)[data["convention"]]),
        tasks=data["tasks"],
        verdict=_verdict(data),
        is_same=not data["differing"],
        reason=str(REASONS[data["reason"]]) if data["reason"] else "",
        note=_note(data),
        fields=tuple(
            FieldLine(FIELDS[field["name"]], field["agree"], field["differ"], field["not_compared"])
            for field in data["fields"]
        ),
        rows=tuple(
            DifferingRow(
                row["wbs"], row["name"], tuple(_change(value, per_day=per_day) for value in row["values"])
            )
            for row in data["first"]
        ),
        differing=data["differing"],
    )


def _verdict(data: Mapping[str, Any]) -> str:
    """Return the outcome as one sentence."""
    compared = sum(field["agree"] + field["differ"] for field in data["fields"])
    if not data["differing"]:
        return ngettext(
            "The one value that the file stores is the one computed here.",
            "All %(count)s values that the file stores are those computed here.",
            compared,
        ) % {"count": formats.number_format(compared, 0, use_l10n=True, force_grouping=True)}
    return ngettext(
        "%(count)s of %(all)s task has other values in the file than those computed here.",
        "%(count)s of %(all)s tasks have other values in the file than those computed here.",
        data["tasks"],
    ) % {
        "count": formats.number_format(data["differing"], 0, use_l10n=True, force_grouping=True),
        "all": formats.number_format(data["tasks"], 0, use_l10n=True, force_grouping=True),
    }


def _note(data: Mapping[str, Any]) -> str:
    """Return what to know before judging a difference."""
    if data["is_from_finish"] and not data["reason"]:
        return gettext(
            "The file is scheduled back from its finish; the portal computes from the start, so dates may "
            "differ."
        )
    return ""


def _change(value: Mapping[str, Any], *, per_day: Decimal) -> DateChange:
    name = value["name"]
    return DateChange(
        str(FIELDS[name]),
        _shown(name, value["stored"], per_day=per_day),
        _shown(name, value["computed"], per_day=per_day),
    )


def _shown(name: str, value: Any, *, per_day: Decimal) -> str:
    if name == "critical":
        return gettext("Yes") if value else gettext("No")
    if name == "total_float":
        days = Decimal(str(value)) / per_day
        return gettext("%(days)s d") % {"days": formats.number_format(days, 2, use_l10n=True)}
    return str(formats.date_format(datetime.fromisoformat(value), "SHORT_DATETIME_FORMAT"))
