"""Input of drafts of document templates: the head, and one heading."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolio.forms.methodologies import DraftForm, initial_words
from portfolio.models import DocumentTemplate
from portfolio.rollup.document import MONEY_FACTS, OPEN_FACTS, SectionRule


class TemplateHeadForm(DraftForm):
    """Title and summary of a draft, and what is new in it."""

    def __init__(self, *args: Any, template: DocumentTemplate, **options: Any) -> None:
        content = template.content
        initial = {
            **initial_words("title", content.title),
            **initial_words("summary", content.summary),
            "change_note": template.change_note,
            "version": template.edition,
        }
        super().__init__(*args, initial=initial, **options)
        self.add_words("title", _("Title"), is_needed=True)
        self.add_words("summary", _("Summary"), rows=3, is_needed=True)
        for name in ("title_de", "summary_de"):
            self.fields[name].required = True
        self.fields["change_note"] = forms.CharField(
            label=_("What is new in this version, and why"), required=False, max_length=400
        )

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        texts = {name: self.words(name) for name in ("title", "summary")}
        return {**texts, "change_note": self.cleaned_data["change_note"]}


class TemplateSectionForm(DraftForm):
    """A heading: guidance for who writes, and the text a document begins with."""

    def __init__(
        self, *args: Any, template: DocumentTemplate, rule: SectionRule | None, **options: Any
    ) -> None:
        initial: dict[str, Any] = {"version": template.edition}
        if rule is not None:
            initial |= {"code": rule.code, "is_money": rule.is_money}
            for name in ("title", "guidance", "text"):
                initial |= initial_words(name, getattr(rule, name))
        super().__init__(*args, initial=initial, **options)
        self.add_words("title", _("Heading"), is_needed=True)
        self.add_words("guidance", _("Guidance for who writes"), rows=3, is_needed=True)
        self.add_words("text", _("Text it begins with"), rows=6)
        self.fields["is_money"] = forms.BooleanField(
            label=_("Only for people who see money"),
            required=False,
            help_text=_("Needed for: %(names)s.") % {"names": ", ".join(MONEY_FACTS)},
        )
        self.fields["code"] = forms.CharField(
            label=_("Code"), max_length=20, help_text=_("Short and lasting, such as purpose.")
        )
        for name in ("title_de", "guidance_de"):
            self.fields[name].required = True
        names = ", ".join(f"{{{{ {name} }}}}" for name in OPEN_FACTS)
        self.fields["text_en"].help_text = _("Markdown. The portal fills in: %(names)s.") % {"names": names}

    @property
    def rule(self) -> SectionRule:
        """The heading as it was written."""
        words = {name: self.words(name) for name in ("title", "guidance", "text")}
        return SectionRule(
            code=self.cleaned_data["code"].strip(), is_money=self.cleaned_data["is_money"], **words
        )
