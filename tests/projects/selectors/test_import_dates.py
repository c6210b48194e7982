"""The comparison of dates as a preview shows it, in English and in German."""

from typing import Any

from django.utils.translation import override

from projects.interchange.agreement import FIELDS as COMPARED
from projects.interchange.agreement import NoComparison
from projects.selectors.import_dates import FIELDS, REASONS, DateChange, DifferingRow, FieldLine, dates_shown

STORED: dict[str, Any] = {
    "convention": "PRIMAVERA",
    "minutes_per_day": 480,
    "reason": "",
    "is_from_finish": False,
    "tasks": 1200,
    "differing": 2,
    "fields": [{"name": "early_start", "agree": 1000, "differ": 2, "not_compared": 198}],
    "first": [
        {
            "uid": 2,
            "wbs": "1.2",
            "name": "Pour",
            "values": [
                {"name": "early_finish", "stored": "2026-03-09T17:00:00", "computed": "2026-03-04T17:00:00"},
                {"name": "total_float", "stored": 720.0, "computed": -480.0},
                {"name": "critical", "stored": False, "computed": True},
            ],
        }
    ],
}


def test_every_field_and_reason_has_words() -> None:
    assert tuple(FIELDS) == COMPARED
    assert set(REASONS) == {reason.value for reason in NoComparison}


def test_preview_made_without_comparison_shows_none() -> None:
    assert dates_shown(None) is None


def test_differences_are_shown_with_both_values_in_german() -> None:
    with override("de"):
        shown = dates_shown(STORED)

        assert shown is not None
        assert shown.verdict == (
            "2 von 1.200 Vorgängen haben in der Datei andere Werte als die hier berechneten."
        )
        assert (shown.rules, shown.tasks, shown.is_same, shown.more) == ("Primavera P6", 1200, False, 1)
        assert shown.fields == (FieldLine(FIELDS["early_start"], 1000, 2, 198),)
        assert shown.rows == (
            DifferingRow(
                "1.2",
                "Pour",
                (
                    DateChange("Frühestes Ende", "09.03.2026 17:00", "04.03.2026 17:00"),
                    DateChange("Gesamtpuffer", "1,50 T", "-1,00 T"),
                    DateChange("Kritisch", "Nein", "Ja"),
                ),
            ),
        )


def test_full_agreement_says_so() -> None:
    same = {**STORED, "differing": 0, "first": [], "fields": [{**STORED["fields"][0], "differ": 0}]}

    with override("en"):
        shown = dates_shown({**same, "is_from_finish": True})

        assert shown is not None
        assert shown.verdict == "All 1,000 values that the file stores are those computed here."
        assert (shown.is_same, shown.more, shown.reason) == (True, 0, "")
        assert shown.note.startswith("The file is scheduled back from its finish")


def test_reason_replaces_the_comparison() -> None:
    with override("en"):
        shown = dates_shown({**STORED, "reason": "NOT_STORED", "differing": 0, "fields": [], "first": []})

        assert shown is not None
        assert shown.reason.startswith("The file stores no early or late dates")
