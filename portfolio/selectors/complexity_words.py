"""The ten questions of the complexity score in words (STD-4)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Question:
    """A factor with its five answers, the simplest first."""

    title: Text
    answers: tuple[Text, Text, Text, Text, Text]


QUESTIONS = {
    "F1": Question(
        _("Budget against the organization’s median project"),
        (_("< 0.25"), _("< 0.75"), _("≤ 1.5"), "≤ 4", "> 4"),
    ),
    "F2": Question(_("Planned duration in months"), ("< 3", "< 9", "≤ 18", "≤ 36", "> 36")),
    "F3": Question(_("People in the team at its peak"), ("≤ 5", "≤ 14", "≤ 30", "≤ 80", "> 80")),
    "F4": Question(_("Organization units changed by the result"), ("1", "2", "3–4", "5–8", "> 8")),
    "F5": Question(_("External suppliers on critical work"), ("0", "1", "2", "3–4", "> 4")),
    "F6": Question(
        _("Novelty of technology or method"),
        (
            _("routine here"),
            _("small variant"),
            _("known elsewhere"),
            _("first use in the sector"),
            _("unproven"),
        ),
    ),
    "F7": Question(
        _("Requirements"),
        (_("fixed"), _("minor ones open"), _("some open"), _("many open"), _("mostly open")),
    ),
    "F8": Question(_("Dependencies on other projects"), ("0", "1", "2–3", "4–6", "> 6")),
    "F9": Question(
        _("Change for users and staff"),
        (
            _("none"),
            _("new screens or forms"),
            _("new routines"),
            _("new processes"),
            _("new roles and jobs"),
        ),
    ),
    "F10": Question(
        _("Legal, security, safety"),
        (
            _("no rules"),
            _("internal rules"),
            _("audited"),
            _("regulator reports"),
            _("life, licence or statute"),
        ),
    ),
}
FLOORS = {
    "BUDGET": _("the budget reaches the limit of 2 million, so the tier is T3 at least"),
    "LEGAL": _("life, licence or statute is at stake, so the tier is T3 at least"),
}
