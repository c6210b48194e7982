"""Fields that forms share."""

from datetime import date

import pytest
from django import forms
from django.utils.translation import override

from projects.forms.saving import date_field

pytestmark = pytest.mark.pure


class DayForm(forms.Form):
    """A form with a day."""

    day = date_field("Day")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("31.03.2026", "2026-03-31"), ("2026-03-31", "2026-03-31"), ("soon", "soon"), ("", None)],
)
def test_day_that_was_typed_stays_after_an_error(sent: str, shown: str | None) -> None:
    """A browser's date field shows nothing but 2026-03-31; the day typed in German must not vanish."""
    with override("de"):
        found = str(DayForm({"day": sent})["day"])

    assert 'type="date"' in found
    assert (f'value="{shown}"' in found) == (shown is not None)


def test_day_is_shown_as_the_browser_reads_it() -> None:
    with override("de"):
        assert 'value="2026-03-31"' in str(DayForm(initial={"day": date(2026, 3, 31)})["day"])
