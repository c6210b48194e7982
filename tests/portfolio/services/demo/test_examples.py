"""The worked examples of the demo, through the real measuring (XC-7)."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest

from portfolio.models import GroupHealth, ProjectHealth
from projects.models import Link, Project, ProjectSnapshot, Task
from projects.services.snapshots import compute_measures, measure_projects

pytestmark = pytest.mark.django_db


def rounded(value: Decimal | None, digits: int = 2) -> str | None:
    return None if value is None else str(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def printed(health: ProjectHealth) -> dict[str, str | None]:
    """Return the schedule and cost indicators as pages print them."""
    digits = {"HS1": 1, "HS2": 2, "HS3": 0, "HC1": 1, "HC2": 2}
    raw = {item["raw"]["code"]: item["raw"]["value"] for item in health.indicators}
    return {
        code: None if raw[code] is None else rounded(Decimal(raw[code]), places)
        for code, places in digits.items()
    }


def health_of(code: str, as_of: date) -> ProjectHealth:
    return ProjectHealth.objects.get(project__code=code, as_of=as_of)


@pytest.mark.parametrize(
    ("code", "indicators", "color", "score"),
    [
        ("EX-HLT-P1", ["3.0", "0.97", "0", "-3.0", "0.97"], "GREEN", 100.0),
        ("EX-HLT-P2", ["12.0", "0.90", "1", "-3.1", "0.97"], "AMBER", 75.0),
        ("EX-HLT-P3", ["22.0", "0.78", "3", "-22.0", "0.82"], "RED", 0.0),
        ("EX-HLT-P4", [None, None, None, "-2.0", None], "GREY", 100.0),
        ("EX-HLT-P5", ["0.0", "1.00", "0", "-1.0", "0.99"], "AMBER", 75.0),
    ],
)
def test_health_example_shows_printed_schedule_and_cost(
    demo: date, code: str, indicators: list[str | None], color: str, score: float
) -> None:
    """EX-HLT: HS1, HS2, HS3, HC1, HC2; colors as printed but P4's, whose other dimensions are GREY yet."""
    health = health_of(code, demo)

    assert list(printed(health).values()) == indicators
    assert (health.color, health.score) == (color, score)


def test_health_example_has_printed_budgets(demo: date) -> None:
    """EX-HLT: BAC 2 000, 1 200, 800, 400 (no baseline), 600."""
    weights = ProjectHealth.objects.filter(as_of=demo, portfolio__code="EX-HLT").order_by("project__code")

    assert list(weights.values_list("weight", flat=True)) == [
        Decimal(amount * 1000) for amount in (2000, 1200, 800, 400, 600)
    ]


def test_health_example_as_a_portfolio_is_amber_and_its_optimist_is_listed(demo: date) -> None:
    """EX-HLT: portfolio AMBER; P3's manager declares better than computed (E4)."""
    group = GroupHealth.objects.get(node__portfolio__code="EX-HLT", as_of=demo, audience="FULL")
    optimist = health_of("EX-HLT-P3", demo)

    assert (group.color, group.budget) == ("AMBER", Decimal(5_000_000))
    assert "E4" in {item["code"] for item in optimist.exceptions}


def test_health_example_declined_since_the_former_close(demo: date) -> None:
    """EX-HLT: at the former close P1 100, P2 100, P3 50."""
    former = ProjectHealth.objects.filter(as_of=date(2026, 9, 30), project__code__in=CODES)

    assert dict(former.values_list("project__code", "score")) == {
        "EX-HLT-P1": 100.0,
        "EX-HLT-P2": 100.0,
        "EX-HLT-P3": 50.0,
    }


CODES = ("EX-HLT-P1", "EX-HLT-P2", "EX-HLT-P3")


def test_earned_value_example_shows_printed_figures(demo: date) -> None:
    """EX-EVM."""
    project = Project.objects.get(code="EX-EVM")

    measured = compute_measures(project_ids=[project.pk], as_of=date(2026, 3, 31)).measures[0]

    value, time = measured.value, measured.time
    assert [rounded(item.value, 0) for item in (value.bac, value.pv, value.ev, value.ac)] == [
        "100000",
        "45000",
        "37000",
        "42000",
    ]
    assert [rounded(item.value, 3) for item in (value.spi, value.cpi, time.spi_t)] == [
        "0.822",
        "0.881",
        "0.867",
    ]
    assert rounded(value.eac.value) == "113513.51"
    assert rounded(value.vac.value) == "-13513.51"
    assert [rounded(item.value, 3) for item in (value.tcpi_bac, value.tcpi_eac)] == ["1.086", "0.881"]
    assert [rounded(item.value) for item in (time.earned_schedule, time.sv_t, time.ieac_t)] == [
        "2.60",
        "-0.40",
        "6.92",
    ]
    assert rounded(time.tspi.value, 3) == "1.133"
    assert time.ieac_date.value == date(2026, 7, 29)


def test_earned_value_example_keeps_its_figures_today(demo: date) -> None:
    """The data date rules, so the golden values stand on today's page, too."""
    project = Project.objects.get(code="EX-EVM")
    measure_projects(actor=None, project_ids=[project.pk], as_of=demo)

    snapshot = ProjectSnapshot.objects.get(project=project, as_of=demo)

    assert (snapshot.ev, snapshot.ac, round(snapshot.spi_t or 0, 3)) == (
        Decimal(37_000),
        Decimal(42_000),
        0.867,
    )


def test_schedule_example_has_printed_dates(demo: date) -> None:
    """EX-SCH: shown start and finish of A to F; the day off on 9 March is skipped."""

    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 3, day, hour, tzinfo=UTC)

    rows = Task.objects.filter(project__code="EX-SCH").in_order()

    assert list(rows.values_list("name", "planned_start", "planned_finish")) == [
        ("A", at(2, 8), at(6, 17)),
        ("B", at(10, 8), at(12, 17)),
        ("C", at(4, 8), at(12, 17)),
        ("D", at(13, 8), at(18, 17)),
        ("E", at(11, 8), at(12, 17)),
        ("F", at(18, 17), at(18, 17)),
    ]


def test_schedule_example_has_printed_links(demo: date) -> None:
    """EX-SCH: all four types, SS with two days of lag, FF with one."""
    links = Link.objects.filter(project__code="EX-SCH").order_by("pk")

    assert list(links.values_list("predecessor__name", "successor__name", "type", "lag")) == [
        ("A", "B", "FS", 0),
        ("A", "C", "SS", 960),
        ("B", "D", "FS", 0),
        ("C", "D", "FF", 480),
        ("D", "E", "SF", 0),
        ("D", "F", "FS", 0),
        ("E", "F", "FS", 0),
    ]
