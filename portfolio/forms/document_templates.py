"""Input of drafts of document templates: the head, and one heading."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portfolio.forms.methodologies import DraftForm, initial_words, reading_order
from portfolio.models import DocumentTemplate
from portfolio.rollup.document import MONEY_FACTS, OPEN_FACTS, TEXT_MOST, TITLE_MOST, SectionRule

LONG: dict[str, Any] = {"most": TEXT_MOST, "keeps_ends": True}


class TemplateHeadForm(DraftForm):
    """Title and summary of a draft, and what is new in it."""

    def __init__(self, *args: Any, template: DocumentTemplate, **options: Any) -> None:
        super().__init__(*args, initial=self.initial_of(template), **options)
        self.add_words("title", _("Title"), is_needed=True, most=TITLE_MOST)
        self.add_words("summary", pgettext_lazy("text", "Summary"), rows=3, is_needed=True, **LONG)
        self.fields["number"] = forms.CharField(
            label=_("Version"),
            max_length=20,
            help_text=_("Three numbers, above all that were published; a file may have taken this one."),
        )
        self.fields["change_note"] = forms.CharField(
            label=_("What is new in this version, and why"), required=False, max_length=400
        )

    @classmethod
    def initial_of(cls, template: DocumentTemplate) -> dict[str, Any]:
        """Return the values of the fields for a draft."""
        return {
            **initial_words("title", template.content.title),
            **initial_words("summary", template.content.summary),
            "change_note": template.change_note,
            "number": template.version,
            "version": template.edition,
        }

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        texts = {name: self.words(name, in_both=True) for name in ("title", "summary")}
        return {**texts, **{name: self.cleaned_data[name] for name in ("change_note", "number")}}


class TemplateSectionForm(DraftForm):
    """A heading: guidance for who writes, and the text a document begins with."""

    def __init__(
        self, *args: Any, template: DocumentTemplate, rule: SectionRule | None, **options: Any
    ) -> None:
        super().__init__(*args, initial=self.initial_of(template, rule), **options)
        self.add_words("title", _("Heading"), is_needed=True, most=TITLE_MOST)
        self.add_words("guidance", _("Guidance for who writes"), rows=3, is_needed=True, **LONG)
        self.add_words("text", _("Text it begins with"), rows=6, **LONG)
        self.fields["is_money"] = forms.BooleanField(
            label=_("Only for people who see money"),
            required=False,
            help_text=_("Needed for: %(names)s.") % {"names": ", ".join(MONEY_FACTS)},
        )
        self.fields["code"] = forms.CharField(
            label=_("Code"), max_length=20, help_text=_("Short and lasting, such as purpose.")
        )
        names = ", ".join(f"{{{{ {name} }}}}" for name in OPEN_FACTS)
        self.fields[f"text_{reading_order()[0]}"].help_text = _(
            "Markdown. The portal fills in: %(names)s."
        ) % {"names": names}

    @classmethod
    def initial_of(cls, template: DocumentTemplate, rule: SectionRule | None) -> dict[str, Any]:
        """Return the values of the fields for a heading, or those of a new one."""
        found: dict[str, Any] = {"version": template.edition}
        if rule is not None:
            found |= {"code": rule.code, "is_money": rule.is_money}
            for name in ("title", "guidance", "text"):
                found |= initial_words(name, getattr(rule, name))
        return found

    @property
    def rule(self) -> SectionRule:
        """The heading as it was written."""
        words = {name: self.words(name, in_both=True) for name in ("title", "guidance", "text")}
        return SectionRule(
            code=self.cleaned_data["code"].strip(), is_money=self.cleaned_data["is_money"], **words
        )
