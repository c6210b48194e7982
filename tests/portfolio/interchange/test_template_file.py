"""Files of project templates: the shipped one, and what is wrong with others."""

from pathlib import Path

import pytest

from portfolio.interchange.template_file import TemplateFileFault, read_template, shipped_templates
from portfolio.rollup.project_template import RowKind, Technique

HEAD = 'code = "X"\nversion = "1.0.0"\nname = { en = "X" }\n'
ROW = '[[rows]]\nkey = "A"\ntitle = { en = "A" }\ndays = 1\n'


def test_starter_is_the_table_of_the_domain() -> None:
    """Domain 2.9: 20 tasks, five gates, one level of effort, 30 links; both languages."""
    (path,) = shipped_templates()

    file = read_template(path)

    rows = file.content.rows
    work = [row for row in rows if row.kind is RowKind.TASK]
    assert (file.code, file.version, file.content.methodology, file.content.tier) == (
        "SG-T2-SERVICE",
        "1.0.1",
        "SG",
        "T2",
    )
    assert (len(work), sum(row.days for row in work), len(file.content.links)) == (20, 215, 30)
    assert [row.key for row in rows if row.kind is RowKind.MILESTONE] == ["G1", "G2", "G3", "G4", "G5"]
    assert [row.key for row in rows if row.kind is RowKind.LEVEL_OF_EFFORT] == ["PM"]
    for row in work:
        short = Technique.FIXED_0_100 if row.days <= 5 else Technique.FIXED_50_50
        assert row.technique is (short if row.days <= 10 else Technique.WEIGHTED_MILESTONES), row.key
    shares = {line.category: line.percent for line in file.content.lines}
    assert shares == {
        "LABOUR": 50,
        "CONTRACTOR": 22,
        "SOFTWARE": 12,
        "EQUIPMENT": 6,
        "TRAINING": 4,
        "TRAVEL": 1,
        "OTHER": 5,
        "CONTINGENCY": 10,
        "MANAGEMENT_RESERVE": 5,
    }
    assert [(risk.probability, risk.impact) for risk in file.content.risks] == [
        *((3, 3), (4, 3), (3, 4), (3, 3), (2, 4), (2, 4))
    ]
    texts = [*(row.title for row in rows), *(role.title for role in file.content.roles)]
    assert all(words.en and words.de for words in texts)


def test_responsibilities_are_read(tmp_path: Path) -> None:
    text = (
        HEAD + 'methodology = "SG"\n' + ROW
        + '[[responsibilities]]\ntitle = { en = "Invoices" }\nraci = "PM:R FINANCE:A"\n'
        + '[[responsibilities]]\nkind = "GATE"\ncode = "G1"\nleft_out = true\n'
    )  # fmt: skip
    path = tmp_path / "x.toml"
    path.write_text(text)

    first, second = read_template(path).content.duties

    assert (first.title.en, first.is_left_out) == ("Invoices", False)
    assert first.shares == {"PM": "R", "FINANCE": "A"}
    assert (second.kind, second.code, second.is_left_out) == ("GATE", "G1", True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code = ", "is not TOML in UTF-8"),
        (ROW, "version: is absent; add a text in quotes."),
        (HEAD.replace("1.0.0", "1") + ROW, "version: is '1'; write three numbers such as 1.0.0."),
        (HEAD.replace('"X"\n', '"a b"\n', 1) + ROW, "code: is 'a b'; write letters, digits"),
        (
            HEAD + ROW + '[[responsibilities]]\nraci = "PM:R"\n',
            "responsibilities 1, title: is missing; say what it is about",
        ),
        (
            HEAD + ROW + '[[responsibilities]]\ntitle = { en = "A" }\nraci = "PM:R"\n',
            "responsibilities: name the methodology",
        ),
        (HEAD + ROW + 'colour = "red"\n', "rows A, colour: means nothing here; remove it"),
        (HEAD + ROW.replace("1\n", '"long"\n'), "rows A, days: is 'long'; write a number."),
        (
            HEAD + ROW + 'after = ["A SS two"]\n',
            "rows A, after: has 'A SS two'; write the lag as a number of days.",
        ),
        (HEAD + ROW + 'after = ["A XX"]\n', "rows A, after: is 'XX'; write one of FS, SS, FF, SF."),
        (HEAD + ROW + 'after = ["B"]\n', "links B FS A: one of the two rows is not there."),
        (HEAD + ROW + 'kind = "PHASE"\n', "rows A, kind: is 'PHASE'; write one of TASK"),
    ],
)
def test_fault_names_file_place_and_what_to_write(tmp_path: Path, text: str, sentence: str) -> None:
    """Nobody has to guess what is wrong with a file."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(TemplateFileFault) as refusal:
        read_template(path)

    assert f"mine.toml: {sentence}" in str(refusal.value)
