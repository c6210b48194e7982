"""Methodologies come from files: the three starters whole, and faults with their place (STD-21, NAM-1)."""

import re
from collections import Counter
from pathlib import Path

import pytest

import portfolio.interchange
from portfolio.interchange.methodology_file import (
    MethodologyFile,
    MethodologyFileFault,
    read_methodology,
    shipped_files,
)
from portfolio.rollup.methodology import TIERS

SMALL = """
code = "FOUR"
version = "1.0.0"
family = "PREDICTIVE"
name = { en = "Four phases", de = "Vier Phasen" }
[[roles]]
code = "SPONSOR"
title = { en = "Sponsor" }
held_by = ["SPONSOR"]
[[phases]]
code = "INIT"
title = { en = "Initiation" }
[[gates]]
code = "M1"
closes_phase = "INIT"
question = { en = "Begin?" }
deciders = ["SPONSOR"]
[[requirements]]
code = "F-01"
title = { en = "Mandate" }
tiers = "M M R -"
gate = "M1"
approver = "SPONSOR"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "four.toml"
    path.write_text(text, encoding="utf-8")
    return path


def shipped() -> dict[str, MethodologyFile]:
    return {path.stem: read_methodology(path) for path in shipped_files()}


def counts(file: MethodologyFile) -> tuple[int, ...]:
    content = file.content
    artefacts = [row for row in content.requirements if row.gate]
    return (len(content.phases), len(content.gates), len(artefacts), len(content.checks))


def test_three_starters_are_complete() -> None:
    """Domain 2.6 to 2.8: phases, gates, artefacts and questions by number, and the four controls of SG."""
    files = shipped()

    assert {code: counts(file) for code, file in files.items()} == {
        "ah": (5, 5, 28, 19),
        "p2": (5, 4, 32, 20),
        "sg": (7, 7, 34, 33),
    }
    assert [row.code for row in files["sg"].content.requirements if row.cadence] == [
        "SG-C1",
        "SG-C2",
        "SG-C3",
        "SG-C4",
    ]


def test_tier_rules_of_the_starters_add_up() -> None:
    """How many of M, R and - stand in each column of the tables of the domain."""
    found = {}
    for code, file in shipped().items():
        artefacts = [row for row in file.content.requirements if row.gate]
        found[code] = [
            tuple(Counter(row.tiers[tier].value for row in artefacts)[rule] for rule in "MR-")
            for tier in TIERS
        ]

    assert found == {
        "ah": [(13, 14, 1), (26, 2, 0), (28, 0, 0), (28, 0, 0)],
        "p2": [(12, 9, 11), (20, 12, 0), (31, 1, 0), (32, 0, 0)],
        "sg": [(15, 14, 5), (29, 4, 1), (33, 1, 0), (34, 0, 0)],
    }


def test_knock_outs_of_the_checklists() -> None:
    """Questions marked with a diamond in the domain, by gate."""
    found = {
        code: Counter(check.gate for check in file.content.checks if check.is_knock_out)
        for code, file in shipped().items()
    }

    assert found == {
        "ah": {"A0": 1, "A1": 2, "A2": 2, "A3": 2, "A4": 1},
        "p2": {"RfP": 2, "RfE": 2, "RfC": 2, "CLOSE": 1},
        "sg": {"G0": 1, "G1": 2, "G2": 3, "G3": 2, "G4": 2, "G5": 2},
    }


def test_every_text_stands_in_both_languages() -> None:
    for path in shipped_files():
        text = path.read_text(encoding="utf-8")
        without = [line for line in text.splitlines() if "{ en = " in line and ", de = " not in line]

        assert without == []
        assert not re.search(r'(en|de) = ""', text)


def test_pm2_carries_its_notice_word_for_word() -> None:
    """NAM-1."""
    assert shipped()["p2"].content.notice.en == (
        "Adapted from the PM² Methodology Guide, © European Union, licensed CC BY 4.0; "
        "not endorsed by the European Union"
    )


def test_names_of_others_are_not_used() -> None:
    """NAM-2: what is shipped keeps to neutral names."""
    folder = Path(portfolio.interchange.__file__).parent
    shipped_texts = [path for ending in ("toml", "md") for path in folder.rglob(f"*.{ending}")]

    named = [
        path.name for path in shipped_texts if re.search("PRINCE2|P3M3", path.read_text(), re.IGNORECASE)
    ]

    assert len(shipped_texts) > 20
    assert named == []


def test_further_methodology_needs_no_code(tmp_path: Path) -> None:
    """STD-21."""
    found = read_methodology(write(tmp_path, SMALL))

    assert (found.code, found.version, found.content.name.de) == ("FOUR", "1.0.0", "Vier Phasen")
    assert [rule.value for rule in found.content.requirements[0].tiers.values()] == ["M", "M", "R", "-"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('version = "1.0.0"', 'version = "one"', "version: is 'one'; write three numbers such as 1.0.0."),
        ('family = "PREDICTIVE"', "", "family: is absent; add a text in quotes."),
        ('family = "PREDICTIVE"', 'family = "X"', "family: is 'X'; write one of PREDICTIVE, PM2_LIKE, HYBRID."),  # noqa: E501
        ('code = "F-01"', 'code = "F 01"', "requirements F 01, code: is 'F 01'; write letters, digits, '-', '_' or '.', at most 20."),  # noqa: E501
        ('tiers = "M M R -"', 'tiers = "M M"', "requirements F-01, tiers: has 2 values; write one, or one each for T1 T2 T3 T4."),  # noqa: E501
        ('tiers = "M M R -"', 'tiers = "M M R X"', "requirements F-01, tiers: is 'X'; write one of M, R, -."),
        ('gate = "M1"\n', 'gate = "M9"\n', "requirements F-01, gate: names the gate M9, which is not among the gates; add it or choose another."),  # noqa: E501
        ('title = { en = "Mandate" }', 'title = { de = "Auftrag" }', "requirements F-01, title, en: is absent; add a text in quotes."),  # noqa: E501
        ('gate = "M1"\n', 'gate = "M1"\nweigth = 2\n', "requirements F-01, weigth: means nothing here; remove it, or write one of"),  # noqa: E501
        ('title = { en = "Sponsor" }', 'title = "Sponsor"', "roles SPONSOR, title: is 'Sponsor'; write { en = \"…\", de = \"…\" }."),  # noqa: E501
        ('version = "1.0.0"', "version = ", "is not TOML in UTF-8: "),
    ],
)  # fmt: skip
def test_fault_names_file_place_and_what_to_do(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in SMALL

    with pytest.raises(MethodologyFileFault) as refused:
        read_methodology(write(tmp_path, SMALL.replace(old, new)))

    assert str(refused.value).startswith(f"four.toml: {told}")
