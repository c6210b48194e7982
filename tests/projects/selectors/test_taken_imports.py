"""What an import changed, in words."""

from projects.selectors.taken_imports import changed_words


def test_rows_a_file_only_knows_by_its_number_are_not_changed() -> None:
    """Issue 4, undo of an import: the page says what the preview said."""
    seen = {"before": {"source_uid": None}, "after": {"source_uid": 7}, "uid": 1}
    renamed = {
        "before": {"source_uid": None, "name": "Old"},
        "after": {"source_uid": 8, "name": "New"},
        "uid": 2,
    }
    new = {"before": None, "after": {"name": "Third"}, "uid": 3}
    touched = {"tasks": {"1": seen, "2": renamed, "3": new}, "links": {}, "hanging": {}}

    assert changed_words(touched) == "1 row added, 1 row changed"
