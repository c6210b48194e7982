"""Input of the library: the search, an item, stars."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.permissions import GIVEN_ROLES
from pmo_portal.common.guidance import PLACES
from portfolio.choices import ANY_LANGUAGE, KnowledgeKind, KnowledgeLanguage, KnowledgeState, LabelKind
from portfolio.models import KnowledgeVersion
from portfolio.selectors.library import LibraryQuery
from portfolio.services.library import Content
from projects.forms.saving import VersionedForm
from projects.models import Project

LONGEST_QUESTION = 120
WRITTEN_KINDS = [
    choice
    for choice in KnowledgeKind.choices
    if choice[0] not in {KnowledgeKind.COURSE, KnowledgeKind.LESSON}
]


def read_library_query(query: Mapping[str, str], *, is_editor: bool) -> LibraryQuery:
    """Return what the address asks for; the person's own language unless it names another."""
    language = query.get("language", "")
    own = (get_language() or "en")[:2]
    if language not in (*KnowledgeLanguage.values, ANY_LANGUAGE):
        language = own if own in KnowledgeLanguage.values else ANY_LANGUAGE
    return LibraryQuery(
        words=query.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION],
        kind=_known(query.get("kind", ""), KnowledgeKind.values),
        role=_known(query.get("role", ""), list(Role.values)),
        tag=query.get("tag", "").replace("\x00", "")[:60],
        methodology=query.get("methodology", "").replace("\x00", "")[:60],
        language="" if language == ANY_LANGUAGE else language,
        state=_known(query.get("state", ""), KnowledgeState.values) if is_editor else "",
    )


def _known(value: str, values: list[str]) -> str:
    return value if value in values else ""


class ItemForm(VersionedForm):
    """The content of an item; kind, code and language only while it is new."""

    title = forms.CharField(label=_("Title"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=WRITTEN_KINDS)
    language = forms.ChoiceField(label=_("Language"), choices=KnowledgeLanguage.choices)
    code = forms.SlugField(
        label=_("Code"),
        max_length=80,
        required=False,
        help_text=_("Part of the address; made from the title without it. A translation has the same code."),
    )
    summary = forms.CharField(
        label=pgettext_lazy("text", "Summary"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One or two sentences: what it is for, and when to use it."),
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 18, "class": "library-source"}),
        help_text=_("Markdown: # heading, - list, **bold**, | table |, [words](https://address)."),
    )
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("Up to 25 MB. Others download it, nobody opens it here.")
    )
    keep_file = forms.BooleanField(label=_("Keep the present file"), required=False, initial=True)
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=400, help_text=_("Separated by commas.")
    )
    roles = forms.MultipleChoiceField(
        label=_("For the roles"),
        required=False,
        choices=[(role, Role(role).label) for role in GIVEN_ROLES],
        widget=forms.SelectMultiple(attrs={"data-select": "", "size": 5}),
    )
    methodologies = forms.CharField(
        label=_("Methodologies"), required=False, max_length=200, help_text=_("Codes, separated by commas.")
    )
    places = forms.MultipleChoiceField(
        label=_("Shown beside"),
        required=False,
        choices=[(place.code, place.title) for place in PLACES],
        widget=forms.SelectMultiple(attrs={"data-select": "", "size": 5}),
        help_text=_("Fields and steps where people find it under “How?”."),
    )
    change_note = forms.CharField(
        label=_("What is new"),
        required=False,
        max_length=400,
        help_text=_("One sentence for the list of versions."),
    )
    is_major = forms.BooleanField(
        label=_("A new major version"),
        required=False,
        help_text=_("For changes people have to know of, such as other rules."),
    )

    def __init__(self, *args: Any, version: KnowledgeVersion | None = None, **kwargs: Any) -> None:
        """Fill the fields with a version; leave out what cannot change."""
        self.shown = version
        if version is not None:
            kwargs["initial"] = item_values(version)
        super().__init__(*args, **kwargs)
        gone = ["kind", "language", "code"] if version else ["change_note", "is_major", "keep_file"]
        if version is not None and version.file_id is None:
            gone.append("keep_file")
        for name in gone:
            del self.fields[name]

    def clean_code(self) -> str:
        """Make a code of the title where none is given."""
        return str(self.cleaned_data.get("code") or slugify(self.cleaned_data.get("title", ""))[:80])

    def clean(self) -> dict[str, Any]:
        """Refuse a title no code can be made of."""
        values = super().clean() or {}
        if "code" in self.fields and not values.get("code") and not {"code", "title"} & set(self.errors):
            self.add_error("code", ValidationError(_("Give a code of letters, digits and hyphens.")))
        return values

    def content(self, file: Any) -> Content:
        """Return what the service takes; ``file`` is the stored upload, None without one."""
        given = self.cleaned_data
        if file is None and self.shown is not None and given.get("keep_file"):
            file = self.shown.file
        return Content(
            title=given["title"],
            summary=given["summary"],
            body=given["body"].replace("\r\n", "\n"),
            link=given["link"],
            file=file,
            change_note=given.get("change_note", ""),
            tags=_split(given["tags"]),
            roles=tuple(given["roles"]),
            methodologies=_split(given["methodologies"]),
            places=tuple(given["places"]),
        )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def item_values(version: KnowledgeVersion) -> dict[str, Any]:
    """Return the values of a version by field name. One query."""
    labels: dict[str, list[str]] = {kind: [] for kind in LabelKind.values}
    for kind, value in version.labels.order_by("value", "pk").values_list("kind", "value"):
        labels[kind].append(value)
    return {
        "title": version.title,
        "summary": version.summary,
        "body": version.body,
        "link": version.link,
        "keep_file": version.file_id is not None,
        "tags": ", ".join(labels[LabelKind.TAG]),
        "roles": labels[LabelKind.ROLE],
        "methodologies": ", ".join(labels[LabelKind.METHODOLOGY]),
        "places": labels[LabelKind.PLACE],
        "change_note": version.change_note if version.state in {"DRAFT", "IN_REVIEW"} else "",
        "version": version.revision,
    }


class PublishForm(forms.Form):
    """When the item has to be looked at again."""

    review_by = forms.DateField(
        label=_("Review by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )


class StarsForm(forms.Form):
    """One to five stars."""

    stars = forms.IntegerField(min_value=1, max_value=5)


class UseForm(forms.Form):
    """The project that uses a version: one of those the person edits."""

    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a project"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """Offer the person's projects."""
        super().__init__(*args, **kwargs)
        own = Project.objects.visible_to(user, "project.edit").active().order_by("code", "pk")
        self.fields["project"].queryset = own  # type: ignore[attr-defined]
