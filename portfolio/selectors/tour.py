"""The five stops of the first visit."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext


@dataclass(frozen=True)
class Stop:
    """One stop: where it leads and what is seen there."""

    title: str
    text: str
    icon: str
    url: str


def tour_stops(may: dict[str, bool], *, has_tasks: bool) -> list[Stop]:
    """Return the stops the person may visit, five for most; own work first for those who have some."""
    if has_tasks and not may.get("portfolio_edit"):
        first = (
            "project_view",
            "my_work",
            "list-check",
            gettext("See your tasks"),
            gettext("Late, for this week, waiting for others: tap what happened, on a phone too."),
        )
    else:
        first = (
            "rollup_view",
            "portfolio:index",
            "layout-dashboard",
            gettext("See the whole portfolio"),
            gettext("One screen: its color with the rule that set it, money, and what changed."),
        )
    stops = [
        first,
        (
            "rollup_view",
            "portfolio:projects",
            "folders",
            gettext("Find the projects behind a figure"),
            gettext("Filter, sort, choose columns, save the view, export exactly what you see."),
        ),
        (
            "rollup_view",
            "portfolio:projects",
            "help-circle",
            gettext("Ask a color why"),
            gettext("Click any colored badge: values, limits, and how far the next color is."),
        ),
        (
            "rollup_view",
            "portfolio:compare",
            "arrows-diff",
            gettext("Compare two dates"),
            gettext("Who joined, left and moved, and whether it is progress or only mix."),
        ),
        (
            "plan_import",
            "projects:import_new",
            "file-import",
            gettext("Bring in a schedule"),
            gettext("Drop a Microsoft Project or Primavera file and look before you confirm."),
        ),
    ]
    return [
        Stop(title, text, symbol, url)
        for right, name, symbol, title, text in stops
        if may.get(right) and (url := _address(name))
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
