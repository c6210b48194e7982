"""The matrix of permissions in the reader's language."""

from django.utils import translation

from pmo_portal.accounts.permissions import matrix
from pmo_portal.accounts.selectors.matrix import matrix_rows
from pmo_portal.accounts.selectors.permission_words import PERMISSION_WORDS


def test_words_are_those_of_the_table() -> None:
    with translation.override("en"):
        said = {code: str(words) for code, words in PERMISSION_WORDS.items()}

    assert said == {code: row["meaning"] for code, row in matrix().items()}


def test_matrix_speaks_german() -> None:
    with translation.override("de"):
        meanings = {row.code: row.meaning for row in matrix_rows()}

    assert meanings["portfolio.view"] == "Portfolios und Programme sehen"
