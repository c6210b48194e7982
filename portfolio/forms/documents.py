"""Input of documents of projects."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portfolio.choices import KnowledgeLanguage
from portfolio.selectors.documents import Offer
from portfolio.services.documents import LONGEST_SECTION
from projects.forms.saving import VersionedForm


class BeginForm(forms.Form):
    """Which document, and in which language."""

    offer = forms.ChoiceField(label=_("Document"))
    language = forms.ChoiceField(label=_("Language"), choices=KnowledgeLanguage.choices)
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=160,
        help_text=_("Empty: the title of the template."),
    )

    def __init__(self, *args: Any, offers: Sequence[Offer], **options: Any) -> None:
        known = {offer.key for offer in offers}
        asked = options.pop("asked", "")
        initial = {"language": (get_language() or "en")[:2], "offer": asked if asked in known else None}
        super().__init__(*args, initial=initial, **options)
        required = [
            (each.key, f"{each.requirement} {each.requirement_title}") for each in offers if each.requirement
        ]
        free = [(each.key, each.title) for each in offers if not each.requirement]
        groups = [(_("What this project has to show"), required), (_("Other documents"), free)]
        self.fields["offer"].choices = [group for group in groups if group[1]]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> tuple[str, str]:
        """Code of the template and of the requirement."""
        template, _colon, requirement = self.cleaned_data["offer"].partition(":")
        return template, requirement


class SectionForm(VersionedForm):
    """The text below a heading."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_SECTION,
        help_text=_("Markdown: lists with -, **bold**, tables with |."),
        widget=forms.Textarea({"rows": 14}),
    )


class SubmitForm(forms.Form):
    """Which draft was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """Approve the version that was read, or give it back with a note."""

    checksum = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[("APPROVED", _("Approve")), ("RETURNED", _("Give back"))])
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)
