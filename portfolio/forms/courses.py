"""Input of courses: rules, modules, questions; why somebody is exempt."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.permissions import GIVEN_ROLES
from portfolio.choices import KnowledgeLanguage, LabelKind
from portfolio.interchange.course_text import (
    TextFault,
    read_modules,
    read_questions,
    write_modules,
    write_questions,
)
from portfolio.models import Course, KnowledgeVersion
from portfolio.rollup.quiz import CourseText
from portfolio.services.courses import Rules
from portfolio.services.library import Content
from projects.forms.saving import VersionedForm

ROLES = [(role, Role(role).label) for role in GIVEN_ROLES]
FAULTS = {
    "BEFORE_MODULE": _("Line %(line)s stands above the first module. Begin a module with # and its title."),
    "BEFORE_QUESTION": _("Line %(line)s stands above the first question. Begin a question with ?"),
    "MIXED": _("Line %(line)s is another kind of answer than the lines above it."),
    "AFTER_OPTIONS": _("Line %(line)s is neither an option nor an explanation. An explanation begins with !"),
    "NO_NUMBER": _("Line %(line)s is neither true, false nor a number."),
}
LONG = 200_000


class CourseForm(VersionedForm):
    """A course in one language; code and language only while it is new."""

    title = forms.CharField(label=_("Title"), max_length=160)
    language = forms.ChoiceField(label=_("Language"), choices=KnowledgeLanguage.choices)
    code = forms.SlugField(
        label=_("Code"),
        max_length=80,
        required=False,
        help_text=_("Part of the address; made from the title without it. A translation has the same code."),
    )
    summary = forms.CharField(
        label=pgettext_lazy("text", "Summary"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    modules = forms.CharField(
        label=_("Modules"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 18, "class": "library-source"}),
        help_text=_("Markdown. A line such as # Title {#code, 20 min} begins a module, ## a heading inside."),
    )
    questions = forms.CharField(
        label=_("Questions"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 18, "class": "library-source"}),
        help_text=_(
            "? {#code, see module} question, where see names the module the answer can be read up in. Then "
            "one option a line: (x) right, ( ) wrong; [x] and [ ] where several are right; = true; "
            "= 0.8 +- 0.01. ! begins the explanation."
        ),
    )
    pass_mark = forms.IntegerField(label=_("Pass mark in %"), min_value=1, max_value=100, initial=80)
    asked = forms.IntegerField(label=_("Questions of an attempt"), min_value=1, max_value=100, initial=10)
    max_attempts = forms.IntegerField(label=_("Attempts"), min_value=1, max_value=20, initial=3)
    validity_months = forms.IntegerField(
        label=_("Valid for months"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Empty: the certificate does not expire."),
    )
    required_for = forms.MultipleChoiceField(
        label=_("Required for the roles"),
        required=False,
        choices=ROLES,
        widget=forms.SelectMultiple(attrs={"data-select": "", "size": 5}),
    )
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=400, help_text=_("Separated by commas.")
    )
    change_note = forms.CharField(label=_("What is new"), required=False, max_length=400)
    is_major = forms.BooleanField(label=_("A new major version"), required=False)

    def __init__(self, *args: Any, version: KnowledgeVersion | None = None, **kwargs: Any) -> None:
        """Fill the fields with a version; leave out what cannot change."""
        if version is not None:
            kwargs["initial"] = course_values(version)
        super().__init__(*args, **kwargs)
        for name in ["language", "code"] if version else ["change_note", "is_major"]:
            del self.fields[name]

    def clean_code(self) -> str:
        """Make a code of the title where none is given."""
        code = str(self.cleaned_data.get("code") or slugify(self.cleaned_data.get("title", ""))[:80])
        if not code and self.cleaned_data.get("title"):
            raise ValidationError(_("Give a code of letters, digits and hyphens."))
        return code

    def clean_modules(self) -> Any:
        """Read the modules."""
        return self._read("modules", read_modules)

    def clean_questions(self) -> Any:
        """Read the questions."""
        return self._read("questions", read_questions)

    def _read(self, name: str, read: Any) -> Any:
        try:
            return read(self.cleaned_data[name].replace("\r\n", "\n"))
        except TextFault as fault:
            raise ValidationError(FAULTS[fault.code], params={"line": fault.line}) from fault

    @property
    def text(self) -> CourseText:
        """Return modules and questions."""
        return CourseText(self.cleaned_data["modules"], self.cleaned_data["questions"])

    @property
    def rules(self) -> Rules:
        """Return what holds in all languages."""
        given = self.cleaned_data
        names = ("pass_mark", "max_attempts", "asked", "validity_months")
        return Rules(**{name: given[name] for name in names}, required_for=tuple(given["required_for"]))

    @property
    def content(self) -> Content:
        """Return what the library keeps of it."""
        given = self.cleaned_data
        return Content(
            title=given["title"],
            summary=given["summary"],
            change_note=given.get("change_note", ""),
            tags=tuple(part.strip() for part in given["tags"].split(",") if part.strip()),
            roles=tuple(given["required_for"]),
        )


def course_values(version: KnowledgeVersion) -> dict[str, Any]:
    """Return the values of a version by field name. Three queries."""
    course = Course.objects.get(code=version.item.code)
    text = version.course_text.text
    tags = version.labels.filter(kind=LabelKind.TAG).order_by("value", "pk").values_list("value", flat=True)
    names = ("pass_mark", "max_attempts", "asked", "validity_months")
    return {
        **{name: getattr(course, name) for name in names},
        "title": version.title,
        "summary": version.summary,
        "modules": write_modules(text.modules),
        "questions": write_questions(text.questions),
        "required_for": list(course.roles.order_by("role").values_list("role", flat=True)),
        "tags": ", ".join(tags),
        "change_note": version.change_note if version.state in {"DRAFT", "IN_REVIEW"} else "",
        "version": version.revision,
    }
