"""Input of an earned value technique with what it needs to know; lists are lines that can be pasted."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from django.utils.formats import get_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from projects.choices import EvCurve, EvTechnique
from projects.forms.saving import VersionedForm
from projects.models import Task

LIST = {"rows": 6, "spellcheck": "false"}


class LinesField(forms.CharField):
    """
    Lines of values with semicolons or tabs between them, as a spreadsheet pastes them.

    ``keys`` name the values: the first is a number, ``on`` a day; the last one may be left out if it is a
    name.
    """

    def __init__(self, *, keys: Sequence[str], **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs=LIST), **options)
        self.keys = tuple(keys)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Return one mapping for each line that is not empty."""
        text = super().clean(value)
        lines = [line for line in text.splitlines() if line.strip()]
        return [self._row(number, line) for number, line in enumerate(lines, 1)]

    def _row(self, number: int, line: str) -> dict[str, Any]:
        parts = [part.strip() for part in line.replace("\t", ";").split(";")]
        needed = [key for key in self.keys if key != "name"]
        day = self._day(parts[1]) if len(parts) >= len(needed) else None
        if day is None or not _is_number(parts[0]):
            shape = "; ".join(str(_EXAMPLES[key]) for key in self.keys)
            raise forms.ValidationError(
                _now("Line %(number)s cannot be read. Write it like: %(shape)s"),
                params={"number": number, "shape": shape},
            )
        values = [parts[0], day.isoformat(), ";".join(parts[2:])]
        return dict(zip(self.keys, values, strict=False))

    def _day(self, text: str) -> Any:
        try:
            return parse_date(text) or forms.DateField(
                input_formats=get_format("DATE_INPUT_FORMATS")
            ).to_python(text)
        except (ValueError, forms.ValidationError):
            return None

    def prepare_value(self, value: Any) -> Any:
        """Return stored rows as lines."""
        if isinstance(value, list):
            lines = ("; ".join(plain_number(str(row.get(key, ""))) for key in self.keys) for row in value)
            return "\n".join(line.rstrip("; ") for line in lines)
        return value


_EXAMPLES = {"percent": "25", "weight": "30", "points": "40", "on": "2026-03-31", "name": _("Name")}


def plain_number(text: str) -> str:
    """Return a number without needless decimals; other text as it is."""
    return text.rstrip("0").rstrip(".") if _is_number(text) and "." in text else text


def _is_number(text: str) -> bool:
    try:
        return Decimal(text.replace(",", ".")).is_finite()
    except InvalidOperation:
        return False


class TechniqueForm(VersionedForm):
    """What the chosen technique needs to know of a task."""

    reason = forms.CharField(
        label=_("Approved change"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The task has started, so a change of its technique needs an approved change. Name it."),
    )

    def __init__(self, *args: Any, task: Task, technique: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.task, self.technique = task, technique
        fields = _fields(task, technique)
        reason = self.fields.pop("reason")
        self.fields.update(fields)
        if task.actual_start is not None:
            self.fields["reason"] = reason

    @property
    def details(self) -> dict[str, Any]:
        """The details as the service takes them."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in {"version", "reason"} and value not in (None, "", [])
        }
        if isinstance(given.get("base"), Task):
            given["base"] = given["base"].uid
        if given.get("curve") != EvCurve.MANUAL:
            given.pop("manual", None)
        return given


def technique_values(task: Task, technique: str) -> dict[str, Any]:
    """Return the present values of `TechniqueForm`; those of another technique are empty."""
    details = dict(task.ev_details or {}) if technique == task.ev_technique else {}
    if "base" in details:
        details["base"] = Task.objects.filter(project=task.project, uid=details["base"]).first()
    return {"start_share": 50, "curve": EvCurve.LINEAR, **details, "version": task.version}


def _fields(task: Task, technique: str) -> dict[str, forms.Field]:
    if technique == EvTechnique.FIXED_50_50:
        return {"start_share": _percent(_("Share at the start in percent"))}
    if technique == EvTechnique.PERCENT_COMPLETE:
        return _shape()
    if technique == EvTechnique.WEIGHTED_MILESTONES:
        return {
            "milestones": LinesField(
                label=_("Steps"),
                keys=("weight", "on", "name"),
                required=False,
                help_text=_("One step a line: weight; planned day; name. The weights add up to 100."),
            )
        }
    if technique == EvTechnique.UNITS:
        unit = forms.CharField(
            label=_("Unit"), max_length=40, required=False, help_text=_("Such as poles, meters or documents.")
        )
        return {"planned_units": _quantity(_("Units planned")), "unit": unit, **_shape()}
    if technique == EvTechnique.AGILE_POINTS:
        increments = LinesField(
            label=_("Points by increment"),
            keys=("points", "on"),
            required=False,
            help_text=_("One increment a line: points; last day. Without increments the shape below counts."),
        )
        return {"baseline_points": _quantity(_("Points planned")), "increments": increments, **_shape()}
    if technique == EvTechnique.APPORTIONED:
        others = Task.objects.leaves().filter(project=task.project, is_active=True).exclude(pk=task.pk)
        return {
            "base": forms.ModelChoiceField(
                label=_("Goes along with"),
                queryset=others.in_order(),
                required=False,
                empty_label=_("Choose a task"),
            )
        }
    return {}


def _percent(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=100, decimal_places=2)


def _quantity(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=10_000_000, decimal_places=2, required=False
    )


def _shape() -> dict[str, forms.Field]:
    return {
        "curve": forms.ChoiceField(
            label=_("Planned value over time"),
            choices=EvCurve.choices,
            help_text=_("How the budget is spread over the planned working time."),
        ),
        "manual": LinesField(
            label=_("Planned percentages"),
            keys=("percent", "on"),
            required=False,
            help_text=_("Only if given by hand, one line a period: percent planned by then; last day."),
        ),
    }
