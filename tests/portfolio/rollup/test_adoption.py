"""KNO-10: adoption is a weighted mean; parts that are null drop out."""

from decimal import Decimal

import pytest

from portfolio.rollup.adoption import (
    WEIGHTS,
    AdoptionSum,
    Facts,
    Part,
    adoption_percent,
    adoption_sum,
    shares,
)

pytestmark = pytest.mark.pure


def parts(*values: int | None) -> dict[Part, Decimal | None]:
    known = [None if value is None else Decimal(value) for value in values]
    return dict(zip(Part, known, strict=True))


def test_worked_example() -> None:
    """EX-KNO: 0.4·75 + 0.2·(50 + 90 + 80) = 74.0 %; without lesson review (30 + 18 + 16)/0.8 = 80.0 %."""
    assert adoption_percent(parts(75, 50, 90, 80)) == Decimal("74.0")
    assert adoption_percent(parts(75, None, 90, 80)) == Decimal("80.0")


def test_weights_are_those_of_the_rule_and_renormalised() -> None:
    assert [WEIGHTS[part] for part in Part] == [40, 20, 20, 20]
    assert shares(parts(75, None, 90, 80)) == {
        Part.TEMPLATES: Decimal(50),
        Part.TRAINING: Decimal(25),
        Part.COMPLIANCE: Decimal(25),
    }


def test_nothing_to_count_is_no_figure() -> None:
    """CON-4: undefined is no zero, and zero is not undefined."""
    assert Facts().percent is None
    assert Facts(documents=2).percent == 0


def test_parts_come_from_counts() -> None:
    """EX-KNO, as counted: 3 of 4 documents, 1 of 2 lessons, 9 of 10 courses, compliance 80 %."""
    facts = Facts(
        documents=4, from_template=3, proposed=2, marked=1, due=10, passed=9, compliance=Decimal(80)
    )

    assert facts.parts == parts(75, 50, 90, 80)
    assert facts.percent == 74


def test_mean_and_median_are_plain() -> None:
    """KNO-10: a large project counts no more than a small one; one without a figure leaves both."""
    values = [Decimal("74"), Decimal("80"), None, Decimal("20"), Decimal("60")]

    assert adoption_sum(values) == AdoptionSum(Decimal("58.5"), Decimal("67"), 4)
    assert adoption_sum([None]) == AdoptionSum(None, None, 0)
