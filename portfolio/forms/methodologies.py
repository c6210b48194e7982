"""Input of drafts of methodologies: a form for each part, and the acts on a version."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.permissions import GIVEN_ROLES
from portfolio.choices import Cadence, Probe, RaciShare, RequirementKind, TierRule
from portfolio.rollup import methodology as rules
from portfolio.rollup.document import plain_lines
from portfolio.rollup.methodology import EACH_GATE, NO_WORDS, TIERS, Content, Words
from projects.forms.saving import date_field

WEIGHTS = [(number, str(number)) for number in (1, 2, 3)]


@dataclass(frozen=True)
class Section:
    """Fields of a long form that belong together; dense ones stand four in a row."""

    title: Any
    fields: list[forms.BoundField]
    is_dense: bool = False


class LinesField(forms.CharField):
    r"""A text whose lines end with ``\n``, however the browser sent them."""

    def to_python(self, value: Any) -> Any:
        """Return the text with one kind of line end."""
        found = super().to_python(value)
        return plain_lines(found) if isinstance(found, str) else found


LANGUAGES = {"en": _("English"), "de": _("German")}
"""Those in which content is kept."""


def reading_order() -> tuple[str, str]:
    """Return the language of the reader, and the other one."""
    return ("de", "en") if (get_language() or "en").startswith("de") else ("en", "de")


class DraftForm(forms.Form):
    """A form of a draft; it knows which edition it was filled from (XC-1)."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def add_words(
        self,
        name: str,
        label: Any,
        *,
        rows: int = 0,
        is_needed: bool = False,
        most: int = 2000,
        keeps_ends: bool = False,
    ) -> None:
        """
        Add a field for each language, that of the reader first; it alone is asked for where one is needed.

        With ``keeps_ends`` blanks at the end of the text stay.
        """
        own, other = reading_order()
        start = self.initial.get(f"{name}_{own}") or self.initial.get(f"{name}_{other}")
        if is_needed and start:
            self.initial[f"{name}_{own}"] = start
        for language in (own, other):
            title = LANGUAGES[language]
            attributes = {"lang": language, **({"rows": rows} if rows else {})}
            widget = forms.Textarea(attributes) if rows else forms.TextInput(attributes)
            self.fields[f"{name}_{language}"] = LinesField(
                label=_("%(field)s (%(language)s)") % {"field": label, "language": title},
                required=is_needed and language == own,
                max_length=most,
                strip=not keeps_ends,
                widget=widget,
            )

    def words(self, name: str, *, in_both: bool = False) -> Words:
        """Return what was written; English is there always, with ``in_both`` German is too."""
        english, german = self.cleaned_data[f"{name}_en"], self.cleaned_data[f"{name}_de"]
        return Words(en=english or german, de=german or (english if in_both else ""))


def initial_words(name: str, words: Words) -> dict[str, str]:
    """Return the values of the fields of both languages."""
    return {f"{name}_en": words.en, f"{name}_de": words.de}


class HeadForm(DraftForm):
    """Name, summary, notice and changelog of a draft."""

    NAMES = ("name", "summary", "notice", "changelog")

    def __init__(self, *args: Any, content: Content, changelog: Words, **options: Any) -> None:
        initial = self.initial_of(content, changelog)
        super().__init__(*args, initial={**initial, **options.pop("initial", {})}, **options)
        self.add_words("name", _("Name"), is_needed=True)
        self.add_words("changelog", _("What changes with this version, and why"), rows=3)
        self.add_words("summary", pgettext_lazy("text", "Summary"), rows=3)
        self.add_words("notice", _("Notice"), rows=2)

    @classmethod
    def initial_of(cls, content: Content, changelog: Words) -> dict[str, Any]:
        """Return the values of the fields for the texts of a version."""
        texts = {name: changelog if name == "changelog" else getattr(content, name) for name in cls.NAMES}
        return {
            key: text for name, words in texts.items() for key, text in initial_words(name, words).items()
        }

    @property
    def values(self) -> dict[str, Words]:
        """All texts in both languages."""
        return {name: self.words(name) for name in self.NAMES}


class RowForm(DraftForm):
    """A row of a draft: its code, its texts, and what its part has beside."""

    TEXTS: tuple[tuple[str, Any, int], ...] = ()

    def __init__(self, *args: Any, content: Content, row: Any = None, **options: Any) -> None:
        initial = {} if row is None else self.initial_of(row)
        super().__init__(*args, initial={**initial, **options.pop("initial", {})}, **options)
        self.content = content
        own = dict(self.fields)
        self.fields.clear()
        self.fields["version"] = own.pop("version")
        self.fields["code"] = forms.CharField(label=_("Code"), max_length=20)
        for name, label, rows in self.TEXTS:
            self.add_words(name, label, rows=rows, is_needed=name == self.TEXTS[0][0])
        self.fields.update(own)
        self.offer()

    def offer(self) -> None:
        """Fill the choices from the content."""

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """Return the values of the fields for a row."""
        found: dict[str, Any] = {"code": row.code}
        for name, _label, _rows in cls.TEXTS:
            found |= initial_words(name, getattr(row, name))
        return found

    @property
    def texts(self) -> dict[str, Words]:
        """The texts by name."""
        return {name: self.words(name) for name, _label, _rows in self.TEXTS}


class RoleForm(RowForm):
    """A role."""

    TEXTS = (("title", _("Title"), 0), ("duty", _("Duty"), 2))
    held_by = forms.MultipleChoiceField(
        label=_("Held by"),
        required=False,
        choices=[(code, Role(code).label) for code in GIVEN_ROLES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who has one of these roles in a project acts in this role."),
    )

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """Return the values of the fields for a role."""
        return {**super().initial_of(row), "held_by": list(row.held_by)}

    @property
    def row(self) -> rules.RoleRule:
        """The role as it was given."""
        given = self.cleaned_data
        return rules.RoleRule(code=given["code"], held_by=tuple(given["held_by"]), **self.texts)


class PhaseForm(RowForm):
    """A phase."""

    TEXTS = (
        ("title", _("Title"), 0),
        ("purpose", _("Purpose"), 2),
        ("entry_criteria", _("Entry criteria"), 2),
    )
    is_repeatable = forms.BooleanField(label=_("Repeatable"), required=False)
    is_continuous = forms.BooleanField(
        label=_("Runs beside the others"), required=False, help_text=_("Such a phase has no gate.")
    )

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """Return the values of the fields for a phase."""
        flags = {name: getattr(row, name) for name in ("is_repeatable", "is_continuous")}
        return {**super().initial_of(row), **flags}

    @property
    def row(self) -> rules.PhaseRule:
        """The phase as it was given."""
        given = self.cleaned_data
        flags = {name: given[name] for name in ("is_repeatable", "is_continuous")}
        return rules.PhaseRule(code=given["code"], **self.texts, **flags)


class GateForm(RowForm):
    """A gate."""

    TEXTS = (("question", _("Question"), 0),)
    closes_phase = forms.ChoiceField(label=_("Closes the phase"))
    deciders = forms.MultipleChoiceField(label=_("Deciders"), widget=forms.CheckboxSelectMultiple)
    quorum = forms.IntegerField(label=_("Quorum"), min_value=1, max_value=20, initial=1)
    pass_threshold = forms.DecimalField(
        label=_("Passed from (%)"), min_value=0, max_value=100, decimal_places=1, initial=Decimal(80)
    )
    is_repeatable = forms.BooleanField(label=_("Repeatable"), required=False)

    def offer(self) -> None:
        """Offer phases and roles."""
        self.fields["closes_phase"].choices = _options(self.content.phases)  # type: ignore[attr-defined]
        self.fields["deciders"].choices = _titles(self.content.roles)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """Return the values of the fields for a gate."""
        names = ("closes_phase", "quorum", "pass_threshold", "is_repeatable")
        values = {name: getattr(row, name) for name in names}
        return {**super().initial_of(row), **values, "deciders": list(row.deciders)}

    @property
    def row(self) -> rules.GateRule:
        """The gate as it was given."""
        given = self.cleaned_data
        names = ("code", "closes_phase", "quorum", "pass_threshold", "is_repeatable")
        values = {name: given[name] for name in names}
        return rules.GateRule(**values, deciders=tuple(given["deciders"]), **self.texts)


class RequirementForm(RowForm):
    """A requirement, with its rule for each tier."""

    TEXTS = (("title", _("Title"), 0), ("purpose", _("Purpose"), 2), ("condition", _("Only if"), 0))
    kind = forms.ChoiceField(label=_("Kind"), choices=RequirementKind.choices)
    gate = forms.ChoiceField(
        label=_("Due at"), required=False, help_text=_("A control has a rhythm instead of a gate.")
    )
    refreshed_at = forms.MultipleChoiceField(
        label=_("Refreshed at"), required=False, widget=forms.CheckboxSelectMultiple
    )
    approver = forms.ChoiceField(label=_("Approver"), required=False)
    weight = forms.TypedChoiceField(label=_("Weight"), choices=WEIGHTS, coerce=int)
    is_knock_out = forms.BooleanField(label=_("Knock-out"), required=False)
    template = forms.CharField(label=_("Template"), required=False, max_length=60)

    def offer(self) -> None:
        """Offer gates, roles, and for each tier a rule and a rhythm."""
        gates = _options(self.content.gates)
        self.fields["gate"].choices = [("", "–"), *gates, (EACH_GATE, _("each gate"))]  # type: ignore[attr-defined]
        self.fields["refreshed_at"].choices = gates  # type: ignore[attr-defined]
        self.fields["approver"].choices = [("", "–"), *_titles(self.content.roles)]  # type: ignore[attr-defined]
        for tier in TIERS:
            self.fields[f"tier_{tier}"] = forms.ChoiceField(label=tier, choices=TierRule.choices)
            self.fields[f"cadence_{tier}"] = forms.ChoiceField(
                label=_("Rhythm at %(tier)s") % {"tier": tier},
                required=False,
                choices=[("", "–"), *Cadence.choices],
            )
        for code, title in _titles(self.content.roles):
            self.fields[f"share_{code}"] = forms.ChoiceField(
                label=title, required=False, choices=[("", "–"), *RaciShare.choices]
            )

    @property
    def sections(self) -> list[Section]:
        """The fields by what they say: the requirement itself, for whom and when, who does what."""
        names = [field.name for field in self.visible_fields()]
        by_tier = [f"{start}_{tier}" for start in ("tier", "cadence") for tier in TIERS]
        shares = [name for name in names if name.startswith("share_")]
        rest = [name for name in names if name not in {*by_tier, *shares}]
        return [
            Section("", [self[name] for name in rest]),
            Section(_("By tier"), [self[name] for name in by_tier], is_dense=True),
            Section(_("Responsibilities"), [self[name] for name in shares], is_dense=True),
        ]

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """Return the values of the fields for a requirement."""
        names = ("gate", "approver", "weight", "is_knock_out", "template")
        found = {**super().initial_of(row), **{name: getattr(row, name) for name in names}}
        found |= {"kind": row.kind.value, "refreshed_at": list(row.refreshed_at)}
        found |= {f"tier_{tier}": rule.value for tier, rule in row.tiers.items()}
        found |= {f"share_{role}": share.value for role, share in row.shares.items()}
        return found | {f"cadence_{tier}": cadence.value for tier, cadence in row.cadence.items()}

    @property
    def row(self) -> rules.RequirementRule:
        """The requirement as it was given."""
        given = self.cleaned_data
        names = ("code", "gate", "approver", "weight", "is_knock_out", "template")
        return rules.RequirementRule(
            kind=rules.RequirementKind(given["kind"]),
            tiers={tier: rules.TierRule(given[f"tier_{tier}"]) for tier in TIERS},
            cadence={
                tier: rules.Cadence(given[f"cadence_{tier}"]) for tier in TIERS if given[f"cadence_{tier}"]
            },
            refreshed_at=tuple(given["refreshed_at"]),
            shares={
                role.code: rules.Share(given[f"share_{role.code}"])
                for role in self.content.roles
                if given.get(f"share_{role.code}")
            },
            **{name: given[name] for name in names},
            **self.texts,
        )


class CheckForm(RowForm):
    """A question of the checklist of a gate."""

    TEXTS = (("text", _("Question"), 0),)
    gate = forms.ChoiceField(label=_("Gate"))
    weight = forms.TypedChoiceField(label=_("Weight"), choices=WEIGHTS, coerce=int)
    is_knock_out = forms.BooleanField(
        label=_("Knock-out"),
        required=False,
        help_text=_("Unless it is answered with yes, the gate is not ready."),
    )
    is_evidence_required = forms.BooleanField(label=_("Evidence required"), required=False)
    tiers = forms.MultipleChoiceField(
        label=_("Only for"),
        required=False,
        choices=[(tier, tier) for tier in TIERS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: every project answers it."),
    )
    answered_by = forms.TypedChoiceField(
        label=_("Answered by the portal"),
        required=False,
        choices=[("", _("No, by the project")), *Probe.choices],
        coerce=rules.Probe,
        empty_value=None,
        help_text=_("Where the portal knows the answer, nobody has to give it, and nobody can."),
    )

    def offer(self) -> None:
        """Offer the gates."""
        self.fields["gate"].choices = _options(self.content.gates)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """Return the values of the fields for a question."""
        names = ("gate", "weight", "is_knock_out", "is_evidence_required", "answered_by")
        values = {name: getattr(row, name) for name in names}
        return {**super().initial_of(row), **values, "tiers": list(row.tiers)}

    @property
    def row(self) -> rules.CheckRule:
        """The question as it was given."""
        given = self.cleaned_data
        names = ("code", "gate", "weight", "is_knock_out", "is_evidence_required", "answered_by")
        values = {name: given[name] for name in names}
        return rules.CheckRule(**values, tiers=tuple(given["tiers"]), **self.texts)


class ClosingForm(RowForm):
    """A line of the closing checklist."""

    TEXTS = (("text", _("What is to be done"), 0),)
    role = forms.ChoiceField(label=_("Done by"), help_text=_("Who holds this role in the project is asked."))

    def offer(self) -> None:
        """Offer the roles."""
        self.fields["role"].choices = _titles(self.content.roles)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """Return the values of the fields for a line."""
        return {**super().initial_of(row), "role": row.role}

    @property
    def row(self) -> rules.ClosingRule:
        """The line as it was given."""
        given = self.cleaned_data
        return rules.ClosingRule(code=given["code"], role=given["role"], **self.texts)


ROW_FORMS: dict[str, type[Any]] = {
    "roles": RoleForm,
    "phases": PhaseForm,
    "gates": GateForm,
    "requirements": RequirementForm,
    "checks": CheckForm,
    "closing": ClosingForm,
}


class NewVersionForm(forms.Form):
    """The number of the next version."""

    version = forms.CharField(
        label=_("Version"), max_length=20, help_text=_("Three numbers: large change, change, correction.")
    )


class PublishForm(forms.Form):
    """The day from which a version is in force."""

    effective_from = date_field(
        _("Effective from"), required=True, help_text=_("Running projects keep their version.")
    )


class ReasonForm(forms.Form):
    """Why something is given back or withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 2}))


def _options(rows: Iterable[Any]) -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(row.code, f"{row.code} {_title(row, language)}") for row in rows]


def _titles(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Return roles by their titles: their codes only repeat them."""
    language = get_language() or "en"
    return [(row.code, _title(row, language)) for row in rows]


def _title(row: Any, language: str) -> str:
    words: Words = getattr(row, "title", None) or getattr(row, "question", NO_WORDS)
    return words.text(language)
