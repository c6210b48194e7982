"""What the portfolio's pages share: scope, date, rights, head."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from pmo_portal.accounts.access import may
from pmo_portal.accounts.scopes import held_permissions
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.common.errors import DomainError
from portfolio.access import portfolio_for, portfolios_seen_by
from portfolio.forms.filters import asked_code, asked_day
from portfolio.models import Portfolio
from portfolio.selectors.links import Links

RIGHTS = (
    "rollup.view",
    "rollup.run",
    "policy.view",
    "portfolio.edit",
    "project.view",
    "project.create",
    "export.run",
    "portfolio.import",
    "plan.import",
    "jobs.view",
    "user.edit",
    "role.grant",
    "assessment.edit",
)


@dataclass(frozen=True)
class Scope:
    """A portfolio (None: everything visible) at a day (``as_of`` None: today)."""

    request: HttpRequest
    portfolio: Portfolio | None
    as_of: date | None
    today: date

    @property
    def day(self) -> date:
        """The day the page shows."""
        return self.as_of or self.today

    @property
    def links(self) -> Links:
        """Addresses that keep scope and date."""
        return Links(self.portfolio.code if self.portfolio else "", self.as_of)

    def sees_rates(self, missing: Collection[str]) -> bool:
        """Whether the person may open the exchange rates; not asked while none is missing. One query."""
        return bool(missing) and may(self.request.user, "rate.view", organization_node())

    def context(self, **values: Any) -> dict[str, Any]:
        """Return what every template of the portfolio needs. One query."""
        query = self.request.GET.copy()
        query.pop("as_of", None)
        clear = f"?{query.urlencode()}" if query else self.request.path
        return {
            "portfolio": self.portfolio,
            "as_of": self.as_of,
            "as_of_clear_url": clear,
            "today": self.today,
            "day": self.day,
            "links": self.links,
            "may": rights_of(self.request.user),
            **values,
        }


@dataclass(frozen=True)
class Refusal:
    """What was refused on a page with several small forms: which one, what was typed, and why."""

    form: str
    typed: str
    why: str

    @property
    def errors(self) -> tuple[str, ...]:
        """The reason, as lists of errors are shown."""
        return (self.why,)


def posted(request: HttpRequest) -> Any:
    """Return what a form sent, even when it is empty; None when the form is only shown."""
    return request.POST if request.method == "POST" else None


def typed(request: HttpRequest, name: str) -> str:
    """Return a field of a small form as it was typed; the service says whether it will do."""
    return request.POST.get(name, "").replace("\x00", "").strip()


def act_small(
    request: HttpRequest,
    act: Callable[[], Any],
    done: Any = "",
    *,
    back: Callable[[], Any],
    show: Callable[[Refusal], HttpResponse] | None = None,
    form: str = "",
    name: str = "",
) -> HttpResponse:
    """
    Run one service of a page with several small forms, say how it ended, and go back.

    What a field refuses stands in its form, as it was typed: ``show`` draws the page with it (422).

    Parameters
    ----------
    done : lazy translation
        What to say; what the service returns unless given.
    form, name : str
        Name of the form on the page, and of the field in it.
    """
    try:
        said = act()
    except DomainError as refused:
        if show is not None and form and refused.field:
            return show(Refusal(form, typed(request, name), str(refused)))
        messages.error(request, str(refused))
    else:
        messages.success(request, str(done or said))
    return redirect(back())


def rights_of(user: Any) -> dict[str, bool]:
    """Return what the person may do anywhere, for menus and buttons. One query."""
    return {code.replace(".", "_"): True for code in held_permissions(user, RIGHTS)}


def scope_for(request: HttpRequest, code: str = "") -> Scope:
    """Return scope and date of the address; 404 for a portfolio the person cannot see."""
    today = timezone.localdate()
    wanted = code or asked_code(request.GET)
    portfolio = portfolio_for(request.user, wanted) if wanted else None
    return Scope(request, portfolio, asked_day(request.GET, "as_of", today=today), today)


def trail_of(user: Any, portfolio: Portfolio | None) -> list[Portfolio]:
    """Return the portfolios above, from the top. One query."""
    if portfolio is None or portfolio.parent_id is None:
        return []
    above = [int(part) for part in str(portfolio.node.path).split("/") if part][:-1]
    return list(portfolios_seen_by(user).filter(node_id__in=above).order_by("node__path"))
