"""Input of lessons."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolio.choices import KnowledgeLanguage, LessonKind, LessonPhase, LessonState
from portfolio.models import Lesson
from portfolio.models.lesson import IN_USE, TO_CURATE, may_take_in
from portfolio.selectors.lessons import LessonQuery, curated_by, tags_in_use
from portfolio.selectors.named_standards import standard_choices
from portfolio.services.lessons import TEXTS
from projects.forms.saving import VersionedForm

LONGEST_QUESTION = 120


def _text(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=required, max_length=4000, widget=widget, help_text=help_text
    )


def read_lesson_query(query: Mapping[str, str]) -> LessonQuery:
    """Return what the address asks for."""
    allowed = {"state": LessonState.values, "kind": LessonKind.values, "phase": LessonPhase.values}
    known = {
        name: value if (value := query.get(name, "")) in values else "" for name, values in allowed.items()
    }
    return LessonQuery(query.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION], **known)


class LessonForm(VersionedForm):
    """What a project learned."""

    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("One sentence that says what to do or to avoid.")
    )
    kind = forms.ChoiceField(
        label=_("Keep or avoid"),
        choices=LessonKind.choices,
        help_text=_("Keep: do it again. Avoid: what to prevent next time."),
    )
    what_happened = _text(_("What happened"), help_text=_("The facts, without names of people."))
    cause = _text(
        _("Cause"),
        rows=2,
        required=False,
        help_text=_("Ask why until you meet something that can be changed."),
    )
    recommendation = _text(
        _("Recommendation"), rows=2, help_text=_("Who should do what, and when in a project.")
    )
    phase = forms.ChoiceField(label=_("Phase"), choices=LessonPhase.choices)
    category = forms.CharField(
        label=_("Category"),
        required=False,
        max_length=80,
        help_text=_("The category of projects it helps; that of this project unless you change it."),
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=300,
        help_text=_("Separated by commas: permit, supplier."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    effect_days = forms.IntegerField(
        label=_("Effect in working days"),
        required=False,
        min_value=-9999,
        max_value=9999,
        help_text=_("Days lost; negative for days gained."),
    )
    effect_cost = forms.DecimalField(
        label=_("Effect on cost"),
        required=False,
        max_digits=18,
        decimal_places=2,
        help_text=_("In the currency of the project; negative for money saved."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=KnowledgeLanguage.choices)
    standard = forms.ChoiceField(
        label=_("Standard with a fault"),
        required=False,
        help_text=_("Does a method, template or checklist have to change? Publishing asks the PMO for it."),
    )
    fault = forms.CharField(label=_("What is wrong with it"), required=False, max_length=400)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """Offer the standards in force, and the tags the person sees in use as a help."""
        super().__init__(*args, **kwargs)
        known = self.initial.get("standard", "")
        choices: list[Any] = [("", _("None")), *standard_choices()]
        if known and known not in {key for _title, rows in choices[1:] for key, _name in rows}:
            choices.append((known, known))
        self.fields["standard"].choices = choices  # type: ignore[attr-defined]
        used = tags_in_use(user, 8)
        if used:
            self.fields["tags"].help_text = _("Separated by commas. In use: %(tags)s.") % {
                "tags": ", ".join(used)
            }


def lesson_values(lesson: Lesson) -> dict[str, Any]:
    """Return the values of a lesson by field name."""
    return {**{name: getattr(lesson, name) for name in TEXTS}, "version": lesson.version}


class VersionForm(forms.Form):
    """The version of the lesson that was read."""

    version = forms.IntegerField(required=False)


class MergeForm(forms.Form):
    """The lesson that says the same."""

    into = forms.ModelChoiceField(
        label=_("Says the same as"), queryset=Lesson.objects.none(), empty_label=_("Choose a lesson")
    )

    def __init__(self, *args: Any, user: Any, lesson: Lesson, **kwargs: Any) -> None:
        """Offer lessons the person curates."""
        super().__init__(*args, **kwargs)
        rows = curated_by(user).filter(state__in=(*TO_CURATE, *IN_USE)).exclude(pk=lesson.pk)
        rows = rows.filter(may_take_in(lesson))
        self.fields["into"].queryset = rows.order_by("title", "pk")  # type: ignore[attr-defined]
