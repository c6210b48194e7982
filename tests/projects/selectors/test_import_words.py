"""The sentences of the reader are those of the portal's pages, in English and in German."""

from django.utils.translation import override

from projects.interchange.refusal import SENTENCES
from projects.selectors.import_words import REFUSALS, refusal_sentence


def test_every_reason_has_the_same_sentence_upstairs() -> None:
    with override("en"):
        assert {reason: str(sentence) for reason, sentence in REFUSALS.items()} == dict(SENTENCES)


def test_reasons_are_said_in_german_with_their_values() -> None:
    with override("de"):
        assert refusal_sentence("FILE_SIZE", {"most": 50}) == "Die Datei ist größer als 50 MB."
        assert refusal_sentence("PASSWORD", {}) == "Die Datei ist mit einem Kennwort geschützt."
