"""iCalendar: text cannot break out of its line, lines are short, days are whole."""

from datetime import UTC, date, datetime

import pytest

from projects.interchange.icalendar import CalendarDay, write_icalendar

pytestmark = pytest.mark.pure
MADE = datetime(2026, 3, 10, 9, tzinfo=UTC)


def test_milestone_is_a_whole_day_and_its_name_stays_text() -> None:
    day = CalendarDay("m-1@x", date(2026, 3, 31), "Gate 1; go, or\r\nBEGIN:VALARM\x00")

    lines = write_icalendar("Plan", [day], made_at=MADE).decode().split("\r\n")

    assert "DTSTART;VALUE=DATE:20260331" in lines
    assert "DTEND;VALUE=DATE:20260401" in lines
    assert "SUMMARY:Gate 1\\; go\\, or\\nBEGIN:VALARM" in lines
    assert lines.count("BEGIN:VALARM") == 0


def test_long_line_is_folded_at_75_bytes_between_letters() -> None:
    title = "Brückenüberführung " * 8

    content = write_icalendar("Plan", [CalendarDay("m", date(2026, 3, 31), title)], made_at=MADE)

    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert title in content.decode().replace("\r\n ", "")
