"""The stemmed words of the library (KNO-9)."""

import pytest

from portfolio.rollup.words import asked_stems, stem, stems_of, title_key, weigh, words_of


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("en", ("schedule", "schedules", "scheduled", "scheduling")),
        ("en", ("estimate", "estimates", "estimation", "estimating", "estimated")),
        ("en", ("policy", "policies")),
        ("en", ("plan", "plans", "planned", "planning")),
        ("en", ("commit", "commits", "committed", "committing")),
        ("en", ("risk", "risks")),
        ("de", ("schatzung", "schatzungen", "schatzen")),
        ("de", ("projekt", "projekte", "projekten", "projektes", "projekts")),
        ("de", ("anderung", "anderungen", "andern")),
        ("de", ("vorlage", "vorlagen")),
        ("de", ("bericht", "berichte", "berichten", "berichts")),
    ],
)
def test_words_of_a_family_have_one_stem(language: str, family: tuple[str, ...]) -> None:
    assert {stem(word, language) for word in family} == {stem(family[0], language)}


def test_short_words_stay_as_they_are() -> None:
    assert [stem(word, "en") for word in ("as", "bus", "is", "cpi", "red")] == [
        "as",
        "bus",
        "is",
        "cpi",
        "red",
    ]


def test_words_lose_accents_and_case() -> None:
    assert words_of("Café-Größe: 3 ÄMTER, the sponsor's") == [
        "cafe",
        "grosse",
        "3",
        "amter",
        "the",
        "sponsor",
        "s",
    ]


def test_words_without_meaning_are_left_out_unless_they_are_all() -> None:
    assert stems_of("What is the risk?", "en") == ["risk"]
    assert asked_stems("what is", ["en"]) == [{"en": "what"}, {"en": "is"}]


def test_question_is_cut_after_eight_words() -> None:
    assert len(asked_stems("alpha beta gamma delta epsilon zeta eta theta iota kappa", ["en"])) == 8


def test_weights_are_summed_over_the_fields() -> None:
    """KNO-9: title > tags > summary > body."""
    fields = {"title": "Risk", "tags": "risk start", "summary": "Risks first", "body": "A risk ends"}

    assert weigh(fields, "en") == {"risk": 15, "start": 4, "first": 2, "end": 1}


def test_title_key_forgets_spaces_and_case() -> None:
    assert title_key(" Änderungs  ANTRAG") == "anderungs antrag"
