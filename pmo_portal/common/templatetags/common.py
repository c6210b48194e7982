"""What every template may use: numbers as people read them, icons, and links that keep the filters."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from pmo_portal.common.action_titles import action_title
from pmo_portal.common.guidance import PAGES
from pmo_portal.common.percentages import NBSP, with_percent

register = template.Library()
register.filter("action_title", action_title)

DASH = "—"
MINUS = "−"
BILLION = Decimal(1_000_000_000)

REASONS: dict[str, str | Promise] = {
    "NO_BASELINE": _("No baseline has been set yet."),
    "NOT_STARTED": _("Work has not started."),
    "NOT_PLANNED_YET": _("Nothing was planned by this date."),
    "NO_COST": _("No cost has been recorded yet."),
    "NO_BUDGET": _("The planned work carries no budget."),
    "BUDGET_EXHAUSTED": _("The budget is used up, so no efficiency can reach it."),
    "FINISHED": _("The work is finished, so there is nothing left to forecast."),
    "LATE": _("The planned finish has passed."),
    "TOO_EARLY": _("Too little work is done for this figure to mean anything."),
    "NO_DATA_DATE": _("The project has no data date."),
    "STALE": _("The last report is too old to rely on."),
    "NOT_APPLICABLE": _("This does not apply here."),
    "MISSING_RATE": _("A currency rate is missing for this period."),
    "NO_SIGN_CHANGE": _("The cash flow never changes sign, so there is no rate of return."),
    "MULTIPLE_IRR": _("The cash flow has more than one rate of return."),
    "NEVER": _("The investment is never paid back."),
    "INSUFFICIENT_DATA": _("There are not enough data to rate this."),
    "ZERO_VARIANCE": _("All values are the same, so there is no spread to compare with."),
    "CALC_ERROR": _("The calculation failed; the log of the run has the message."),
}


def rounded(value: Any, places: int) -> Decimal | None:
    """Return the number rounded half up for display (CON-1), or None for what is not a number."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
        return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return None


def _written(value: Any, places: int, *, signed: bool = False) -> str:
    number = rounded(value, places)
    if number is None:
        return DASH
    text = formats.number_format(abs(number), decimal_pos=places, use_l10n=True, force_grouping=True)
    if number < 0:
        return f"{MINUS}{text}"
    return f"+{text}" if signed and number > 0 else text


def _with_unit(text: str, unit: str) -> str:
    return text if text == DASH or not unit else f"{text}{NBSP}{unit}"


def _with_percent(text: str) -> str:
    return text if text == DASH else with_percent(text)


@register.filter
def dash(value: Any) -> Any:
    """Return the value, or an em dash for None and the empty text (CON-4)."""
    return DASH if value is None or value == "" else value


@register.filter
def money(value: Any, currency: str = "") -> str:
    """Return an amount without decimals, grouped, with its currency behind it: ``1,250,000 EUR``."""
    return _with_unit(_written(value, 0), currency)


@register.filter
def money2(value: Any, currency: str = "") -> str:
    """Return an amount with two decimals and its currency."""
    return _with_unit(_written(value, 2), currency)


@register.filter
def money_short(value: Any, currency: str = "") -> str:
    """Return an amount in thousands, millions or billions with one decimal, for tiles: ``1.3 M EUR``."""
    number = rounded(value, 2)
    if number is None:
        return DASH
    billion, million = (BILLION, _("bn")), (Decimal(1_000_000), pgettext("million", "M"))
    for size, letter in (billion, million, (Decimal(1_000), pgettext("thousand", "k"))):
        if abs(number) >= size:
            return _with_unit(f"{_written(number / size, 1)}{NBSP}{letter}", currency)
    return _with_unit(_written(number, 0), currency)


@register.filter
def money_thousands(value: Any, currency: str = "") -> str:
    """
    Return an amount in thousands, for columns that are compared line by line: ``1,250 k EUR``.

    From a hundred million on, where thousands are no longer read, as tiles have it: ``12.1 bn EUR``.
    """
    number = rounded(value, 2)
    if number is None:
        return DASH
    if abs(number) >= BILLION / 10:
        return money_short(number, currency)
    letter = pgettext("thousand", "k")
    return _with_unit(f"{_written(number / 1000, 0)}{NBSP}{letter}", currency)


@register.filter
def index2(value: Any) -> str:
    """Return an index or ratio with two decimals, such as CPI ``0.95``."""
    return _written(value, 2)


@register.filter
def number0(value: Any) -> str:
    """Return a number without decimals, grouped."""
    return _written(value, 0)


@register.filter
def number1(value: Any) -> str:
    """Return a number with one decimal, grouped."""
    return _written(value, 1)


@register.filter
def signed0(value: Any) -> str:
    """Return a whole difference with its sign: ``+5``, ``−12``."""
    return _written(value, 0, signed=True)


@register.filter
def signed1(value: Any) -> str:
    """Return a difference with one decimal and its sign: ``+5.0``, ``−12.2``."""
    return _written(value, 1, signed=True)


@register.filter
def signed_money(value: Any, currency: str = "") -> str:
    """Return a money difference without decimals, with its sign and currency."""
    return _with_unit(_written(value, 0, signed=True), currency)


@register.filter
def percent0(value: Any) -> str:
    """Return a percentage given as 0–100 without decimals and with its sign: ``42 %``."""
    return _with_percent(_written(value, 0))


@register.filter
def signed_percent1(value: Any) -> str:
    """Return a difference in percent with one decimal and its sign: ``+5.0 %``."""
    return _with_percent(_written(value, 1, signed=True))


@register.filter
def percent1(value: Any) -> str:
    """Return a percentage given as 0–100 with one decimal and its sign: ``42.5 %``."""
    return _with_percent(_written(value, 1))


@register.filter
def ratio_percent1(value: Any) -> str:
    """Return a ratio (1 = 100 %) as a percentage with one decimal."""
    if value is None or value == "":
        return DASH
    try:
        return percent1(Decimal(str(value)) * 100)
    except InvalidOperation:
        return DASH


@register.filter
def reason_text(code: Any) -> str:
    """Return the sentence for a reason code of CON-4; any other text is returned as it is."""
    return str(REASONS.get(str(code), code)) if code else str(REASONS["INSUFFICIENT_DATA"])


@register.filter
def age(moment: datetime, now: datetime | None = None) -> str:
    """Return how long ago a moment was; what is younger than a minute is not 0 minutes old."""
    now = now or timezone.now()
    return timesince(moment, now) if now - moment >= timedelta(minutes=1) else gettext("less than a minute")


@register.filter
def undo_address(message: Any) -> str:
    """Return the address that takes back what a message tells, from its extra tag ``undo:/path/``."""
    for tag in str(getattr(message, "extra_tags", "") or "").split():
        address = tag.removeprefix("undo:")
        if tag.startswith("undo:/") and not address.startswith("//"):
            return address
    return ""


@register.filter
def initials(name: Any) -> str:
    """Return the first letters of the first and the last word of a name, in capitals."""
    words = [word for word in str(name or "").replace(".", " ").split("@")[0].split() if word]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def palette_index(name: Any) -> int:
    """Return a number from 0 to 5 that is always the same for the same name; it picks a tint."""
    return sum(ord(letter) for letter in str(name or "")) % 6


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """Return a decorative icon of the sprite; the text beside it carries the meaning."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css_class,
        static("sprite.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def query_transform(context: template.Context, **changes: Any) -> str:
    """
    Return the query string of the current address with parameters changed.

    ``{% query_transform page=2 sort=None %}`` sets one parameter, removes the other and keeps the rest;
    the answer starts with ``?`` and is at least ``?``, so that it can stand alone as a link.
    """
    request = getattr(context, "request", None) or context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def kept_parameters(context: template.Context, *left_out: str) -> list[tuple[str, str]]:
    """Return (name, value) of the current address without some names, for hidden fields of a GET form."""
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return []
    return [(name, value) for name, values in request.GET.lists() if name not in left_out for value in values]


@register.simple_tag
def elided_pages(page: Page) -> list[int | str]:
    """Return the page numbers around the current page, with an ellipsis for what is left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


@register.inclusion_tag("components/_sort_link.html", takes_context=True)
def sort_link(context: template.Context, field: str, label: str) -> dict[str, Any]:
    """Return a column heading that sorts by ``field``; a second click turns the order round."""
    request = getattr(context, "request", None) or context.get("request")
    current = request.GET.get("sort", "") if request is not None else ""
    direction = "ascending" if current == field else "descending" if current == f"-{field}" else ""
    target = f"-{field}" if current == field else field
    return {
        "label": label,
        "direction": direction,
        "url": query_transform(context, sort=target, page=None),
    }


@register.simple_tag(takes_context=True)
def guidance_slot(context: template.Context) -> str:
    """Return what asks once for the help beside the step and the fields shown; nothing without places."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if match is None or match.view_name not in PAGES or not request.user.is_authenticated:
        return ""
    forms = [each for each in context.flatten().values() if isinstance(each, BaseForm)]
    fields = ",".join(field.name for form in forms for field in form.visible_fields())
    return format_html(
        '<div hx-get="{}?{}" hx-trigger="load" hx-swap="delete" hx-indicator="this" hidden></div>',
        reverse("portfolio:guidance"),
        urlencode({"at": match.view_name, "fields": fields}, safe=":,"),
    )
