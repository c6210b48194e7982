"""Which stored fields are read, and how. Stored values only: MPXJ's getters would compute what is missing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from projects.interchange.from_mpxj.values import minutes, moment, money, number, text

Converter = Callable[[Any], Any]

MOMENTS: Final = {
    "START": "start",
    "FINISH": "finish",
    "ACTUAL_START": "actual_start",
    "ACTUAL_FINISH": "actual_finish",
    "EARLY_START": "early_start",
    "EARLY_FINISH": "early_finish",
    "LATE_START": "late_start",
    "LATE_FINISH": "late_finish",
    "CONSTRAINT_DATE": "constraint_date",
    "SECONDARY_CONSTRAINT_DATE": "second_constraint_date",
    "DEADLINE": "deadline",
}
DURATIONS: Final = {
    "REMAINING_DURATION": "remaining_duration",
    "ACTUAL_DURATION": "actual_duration",
    "START_SLACK": "start_slack",
    "FINISH_SLACK": "finish_slack",
    "TOTAL_SLACK": "total_slack",
    "FREE_SLACK": "free_slack",
    "WORK": "work",
    "ACTUAL_WORK": "actual_work",
    "REMAINING_WORK": "remaining_work",
}
NUMBERS: Final = {
    "PERCENT_COMPLETE": "percent_complete",
    "PERCENT_WORK_COMPLETE": "percent_work_complete",
    "PHYSICAL_PERCENT_COMPLETE": "percent_physical",
}
MONIES: Final = {
    "COST": "cost",
    "ACTUAL_COST": "actual_cost",
    "REMAINING_COST": "remaining_cost",
    "FIXED_COST": "fixed_cost",
}
TRUTHS: Final = {
    "CRITICAL": "is_critical",
    "RECURRING": "is_recurring",
    "ESTIMATED": "is_estimated",
    "EFFORT_DRIVEN": "is_effort_driven",
    "IGNORE_RESOURCE_CALENDAR": "ignores_resource_calendars",
}
ASSIGNMENT_MOMENTS: Final = {"START": "start", "FINISH": "finish"}
ASSIGNMENT_DURATIONS: Final = {
    "WORK": "work",
    "ACTUAL_WORK": "actual_work",
    "REMAINING_WORK": "remaining_work",
    "ASSIGNMENT_DELAY": "delay",
}
ASSIGNMENT_MONIES: Final = {
    "COST": "cost",
    "ACTUAL_COST": "actual_cost",
    "REMAINING_COST": "remaining_cost",
}
CUSTOM: Final = re.compile(
    r"(ENTERPRISE_)?(TEXT|NUMBER|COST|DATE|FLAG|DURATION|START|FINISH|OUTLINE_CODE|CUSTOM_FIELD)\d+"
)
CUSTOM_TEXT_LENGTH: Final = 2000


@dataclass(frozen=True, slots=True)
class StoredField:
    """A field of MPXJ, the attribute it becomes, and the conversion between them."""

    field: Any
    attribute: str
    convert: Converter


def task_fields(kind: Any, units: Mapping[str, float]) -> list[StoredField]:
    """Return the stored fields of a task that become an attribute of the same meaning."""
    return [
        *_group(kind, MOMENTS, moment),
        *_group(kind, DURATIONS, lambda value: minutes(value, units)),
        *_group(kind, NUMBERS, number),
        *_group(kind, MONIES, money),
        *_group(kind, TRUTHS, bool),
    ]


def assignment_fields(kind: Any, units: Mapping[str, float]) -> list[StoredField]:
    """Return the stored fields of an assignment."""
    return [
        *_group(kind, ASSIGNMENT_MOMENTS, moment),
        *_group(kind, ASSIGNMENT_DURATIONS, lambda value: minutes(value, units)),
        *_group(kind, ASSIGNMENT_MONIES, money),
    ]


def custom_fields(populated: Any, field_class: str, aliases: Any) -> list[StoredField]:
    """
    Return the custom fields somebody filled, with the name they show.

    ``populated`` are fields of all classes; ``field_class`` is the class wanted, such as ``TASK``.
    """
    result: dict[str, StoredField] = {}
    for field in sorted(populated, key=lambda item: str(item.name())):
        name = str(field.name())
        is_user_defined = field.getClass().getSimpleName() == "UserDefinedField"
        if str(field.getFieldTypeClass().name()) != field_class:
            continue
        if not is_user_defined and not CUSTOM.fullmatch(name):
            continue
        known = aliases.get(field)
        label = text(known.getAlias() if known is not None else None, limit=100) or text(
            field.getName(), limit=100
        )
        label = label or name
        if label in result:
            label = f"{label} ({name})"
        result[label] = StoredField(field, label, _custom_text)
    return list(result.values())


def stored(row: Any, fields: list[StoredField]) -> dict[str, Any]:
    """Return the stored values of a row by attribute, those that are there."""
    result = {}
    for item in fields:
        value = row.getCachedValue(item.field)
        if value is not None:
            value = item.convert(value)
            if value is not None:
                result[item.attribute] = value
    return result


def extra(row: Any, fields: list[StoredField]) -> dict[str, str]:
    """Return the custom values of a row by label; empty texts and unset flags are left out."""
    return {label: value for label, value in stored(row, fields).items() if value}


def _custom_text(value: Any) -> str:
    result = text(value, limit=CUSTOM_TEXT_LENGTH)
    return "" if result == "false" else result


def _group(kind: Any, names: Mapping[str, str], convert: Converter) -> list[StoredField]:
    return [StoredField(getattr(kind, name), attribute, convert) for name, attribute in names.items()]
