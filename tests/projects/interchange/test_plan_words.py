"""Lengths of time and predecessors as people write them; what is written is read as the same again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.interchange.link_words import LinkWords, read_links, write_links
from projects.interchange.time_words import Length, NotUnderstood, Units, read_length, write_length

UNITS = Units()
GERMAN = Units(is_german=True)
LENGTHS = st.builds(Length, st.integers(-(10**6), 10**6), st.booleans())
LINKS = st.builds(
    LinkWords,
    row=st.one_of(
        st.integers(1, 10**6).map(str),
        st.lists(st.integers(1, 99), min_size=2, max_size=6).map(lambda parts: ".".join(map(str, parts))),
    ),
    type=st.sampled_from(["FS", "SS", "FF", "SF"]),
    lag=LENGTHS,
)
SHARES = st.decimals(-99_999, 99_999, places=2).filter(bool)


@pytest.mark.parametrize(
    ("text", "minutes", "is_elapsed"),
    [
        *[("3", 1440, False), ("3d", 1440, False), ("2w", 4800, False), ("4h", 240, False)],
        *[("90m", 90, False), ("1mo", 9600, False), ("3ed", 4320, True), ("2ew", 20160, True)],
        *[("1.5 days", 720, False), ("1,5", 720, False), (" 2 Wochen ", 4800, False), ("3T", 1440, False)],
        *[("4 Std", 240, False), ("1 Monat", 9600, False), ("2ft", 2880, True), ("0", 0, False)],
        *[("3d?", 1440, False), ("-2d", -960, False), ("\u22121h", -60, False)],
    ],
)
def test_lengths_are_read_in_both_languages(text: str, minutes: int, is_elapsed: bool) -> None:
    """A plain number is days; a question mark of an estimate is let go."""
    assert read_length(text, UNITS) == Length(minutes, is_elapsed)


def test_a_capital_m_is_months_for_germans_and_minutes_for_others() -> None:
    """As Microsoft Project writes them in each language."""
    assert read_length("2M", GERMAN) == Length(19_200)
    assert read_length("2m", GERMAN) == Length(2)
    assert read_length("2M", UNITS) == Length(2)


@pytest.mark.parametrize("text", ["", "d", "three days", "1.2.3d", "5x", "1e9d", "3 d 2 h", "٣d" * 2])
def test_what_is_no_length_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(NotUnderstood) as fault:
        read_length(text, UNITS)

    assert fault.value.code == "LENGTH"


def test_twenty_years_are_the_longest() -> None:
    """Beyond that it is a slip of the finger."""
    with pytest.raises(NotUnderstood) as fault:
        read_length("99999d", UNITS)

    assert fault.value.code == "TOO_LONG"


@given(length=LENGTHS, minutes_per_day=st.integers(60, 1440))
def test_a_written_length_is_read_as_the_same(length: Length, minutes_per_day: int) -> None:
    """Whatever the day of the plan is."""
    units = Units(minutes_per_day=minutes_per_day)

    assert read_length(write_length(length, units), units) == length


@given(links=st.lists(LINKS, max_size=5))
def test_written_links_are_read_as_the_same(links: list[LinkWords]) -> None:
    """Numbers, codes, types, lags of both kinds."""
    assert list(read_links(write_links(links, UNITS), UNITS)) == links


@given(percent=SHARES)
def test_a_written_percentage_is_read_as_the_same(percent: Decimal) -> None:
    """Of the predecessor's duration."""
    link = LinkWords("7", "SS", percent=percent)

    assert read_links(write_links([link], UNITS), UNITS) == (link,)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *[("12FS+2d; 7", "12FS+2d; 7"), ("12EA+2t;7", "12FS+2d; 7"), ("7,8, 9", "7; 8; 9"), ("", "")],
        *[("7, 8FS+1,5d", "7; 8FS+1.5d"), ("1.2SS-50%", "1.2SS-50%"), ("5 AA + 3ed", "5SS+3ed")],
        *[("3fs", "3"), ("4AE-1h;", "4SF-1h"), ("6EE", "6FF"), ("2+1w", "2FS+5d")],
    ],
)
def test_links_are_read_as_tools_of_the_field_write_them(text: str, written: str) -> None:
    """With English and German names of types, semicolons or commas."""
    assert write_links(list(read_links(text, UNITS)), UNITS) == written


@pytest.mark.parametrize("text", ["x", "7FX", "7FS+", "7FS+2y", "7 8", "-3", "1..2", "7FS2d"])
def test_what_is_no_link_is_refused(text: str) -> None:
    """With the part nobody understands."""
    with pytest.raises(NotUnderstood) as fault:
        read_links(f"4; {text}", UNITS)

    assert (fault.value.code, fault.value.text) == ("LINK", text)


def test_five_hundred_links_are_the_most() -> None:
    """A row that waits for more is a mistake of pasting."""
    with pytest.raises(NotUnderstood) as fault:
        read_links("7;" * 501, UNITS)

    assert fault.value.code == "TOO_MANY_LINKS"
