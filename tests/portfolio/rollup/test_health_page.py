"""The worked tables of docs/algorithms/health.md hold (EX-HLT)."""

from pathlib import Path

from portfolio.rollup.aggregate import aggregate
from portfolio.rollup.comparison import compare
from portfolio.rollup.numbers import decimal_text, rounded
from portfolio.rollup.vocabulary import Color
from tests.portfolio.rollup.examples import AS_OF, POLICY, child, five, former_close, rate, this_close

PAGE = Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "health.md"
LETTERS = {Color.GREEN: "G", Color.AMBER: "A", Color.RED: "R", Color.GREY: "X"}


def rows_under(heading: str) -> list[list[str]]:
    """Cells of the table whose first heading cell has the given text."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_table_of_projects():
    """EX-HLT: each row of the page is what the code computes."""
    computed = []
    for given in five():
        health, row = rate(given), child(given)
        colors = [LETTERS[item.effective] for item in health.dimensions]
        computed.append(
            [
                given.key,
                decimal_text(row.weight),
                *colors,
                decimal_text(health.coverage),
                str(rounded(health.score, 1)),
                health.color.value,
            ]
        )

    assert rows_under("Project") == computed


def test_table_of_the_portfolio():
    """EX-HLT: shares, score and the comparison with the former close."""
    group = aggregate([child(given) for given in five()], POLICY, key="IT", as_of=AS_OF)
    change = compare(former_close(), this_close(), POLICY.trend).score

    assert rows_under("Portfolio") == [
        ["green share", decimal_text(group.share(Color.GREEN).budget_share)],
        ["amber share", decimal_text(group.share(Color.AMBER).budget_share)],
        ["red share", decimal_text(group.share(Color.RED).budget_share)],
        ["score", str(rounded(group.score, 1))],
        ["score before", str(rounded(change.before, 1))],
        ["like-for-like after", str(rounded(change.like_after, 1))],
        ["like-for-like", str(rounded(change.like_for_like, 1))],
        ["total", str(rounded(change.total, 1))],
        ["mix", str(rounded(change.mix, 1))],
    ]
