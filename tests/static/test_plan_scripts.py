"""What the scripts of the plan page compute: days, scale, routes, tables."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.needs import cannot_have

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "static" / "src" / "plan"
OFFICE = """{week: [...Array(5).fill([[480, 720], [780, 1020]]), [], []], days: {"2026-03-09": []}}"""
ABOVE, BELOW = "middle: 15, top: 9, bottom: 21", "middle: 45, top: 39, bottom: 51"


def computed(module: str, expression: str) -> Any:
    """Return the value of an expression over the exports of a module, as node computes it."""
    node = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}:/usr/bin:/usr/local/bin")
    if node is None:
        cannot_have("node")
    script = f'import * as m from "{(PLAN / module).as_uri()}"; console.log(JSON.stringify({expression}));'
    command = [node, "--input-type=module", "-e", script]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    return json.loads(done.stdout)


def test_moments_go_there_and_back() -> None:
    found = computed(
        "moments.js", '[m.isoMoment(m.momentOf("2026-03-02T08:15")), m.weekdayOf(m.dayOf("2026-03-02"))]'
    )

    assert found == ["2026-03-02T08:15", 0]


def test_week_numbers_are_those_of_iso_8601() -> None:
    found = computed(
        "moments.js", '["2025-12-29", "2026-01-04", "2027-01-03"].map(d => m.weekNumber(m.dayOf(d)))'
    )

    assert found == [1, 1, 53]


def test_working_days_leave_out_weekends_and_holidays() -> None:
    shading = OFFICE
    days = f'm.isoDay(m.addWorkingDays({shading}, m.dayOf("2026-03-06"), 2))'
    between = f'm.workingDaysBetween({shading}, m.dayOf("2026-03-06"), m.dayOf("2026-03-11"))'

    assert computed("moments.js", f"[{days}, {between}]") == ["2026-03-11", 2]


def test_time_nobody_works_is_found_by_day_and_by_hour() -> None:
    """A night shift of Saturday reaches into Sunday; what is whole days far away has hours nearby."""
    nights = "{week: [[], [], [], [], [], [[1320, 1800]], []], days: {}}"
    days = f'm.idleSpans({OFFICE}, m.dayOf("2026-03-06"), m.dayOf("2026-03-11"))'
    hours = f'm.idleSpans({nights}, m.dayOf("2026-03-07"), m.dayOf("2026-03-09"), true)'
    from_first = "map(span => span.map(day => Math.round((day - 20518) * 1440)))"

    found = computed("moments.js", f"[{days}.{from_first}, {hours}.{from_first}]")

    day = 1440
    assert found == [[[day, 4 * day]], [[day, 2 * day - 120], [2 * day + 360, 3 * day]]]


def test_days_are_read_as_people_write_them() -> None:
    words = '["2026-3-2", "2.3.", "02/03/26", "2 Mar 2026", "Mon 02/03/26", "02-Mar-26", "31.2.2026", "soon", "1.1.0026", "0001-01-01"]'

    found = computed("days.js", f'{words}.map(text => m.readDay(text, "2026-01-01"))')

    assert found[:6] == ["2026-03-02"] * 6
    assert found[6:] == ["31.2.2026", "soon", "1.1.0026", "0001-01-01"]


def test_a_working_day_fills_its_day_below_the_zoom_of_hours() -> None:
    found = computed(
        "scale.js", "[480, 1020, 750].map(minute => new m.Scale(100, 200, 40).x(110 * 1440 + minute))"
    )
    near = computed("scale.js", "new m.Scale(100, 200, 720).x(100 * 1440 + 720)")

    assert (found, near) == ([400, 440, 420], 360)


def test_axis_has_two_lines_that_fit_each_zoom() -> None:
    found = computed("scale.js", "[720, 38, 15, 5, 2, 0.7, 0.2].map(m.tiersOf)")

    assert found == [
        ["day", "hour"],
        ["week", "day"],
        ["month", "week"],
        ["year", "month"],
        ["year", "month"],
        ["year", "quarter"],
        ["", "year"],
    ]


def test_route_of_a_link_forward_turns_down_into_the_bar() -> None:
    boxes = f"{{left: 0, right: 40, {ABOVE}}}, {{left: 60, right: 90, {BELOW}}}"

    assert computed("routes.js", f'm.routeOf("FS", {boxes}, 30)') == [[40, 15], [65, 15], [65, 39]]


def test_route_of_a_link_backward_goes_between_the_rows() -> None:
    boxes = f"{{left: 50, right: 90, {ABOVE}}}, {{left: 20, right: 40, {BELOW}}}"

    found = computed("routes.js", f'm.routeOf("FS", {boxes}, 30)')

    assert found == [[90, 15], [98, 15], [98, 30], [10, 30], [10, 45], [20, 45]]


def test_tables_keep_quotes_tabs_and_line_ends_of_cells() -> None:
    rows = [["Dig", "3d"], ["Pour\tslowly", 'say "now"'], ["two\nlines", ""]]

    assert computed("tables.js", f"m.parseTable(m.writeTable({json.dumps(rows)}))") == rows


def test_indents_of_pasted_names_are_steps_of_the_least_one() -> None:
    assert computed("tables.js", 'm.indentsOf(["Phase", "   Dig", "      Deep", "Next"])') == [0, 1, 2, 0]


def test_what_is_done_fills_the_pieces_of_an_interrupted_bar_one_after_the_other() -> None:
    """60 % of 50 hours of work: the first piece is done, the second half; rests and nights hold nothing."""
    scale = "{ x: (moment) => moment }"
    split = "{ spans: [[0, 20, 20], [60, 84, 20], [90, 100, 10]], percent: 60 }"

    found = computed(
        "bars.js",
        f"[m.piecesOf({split}, {scale}, 0, 100), m.piecesOf({{ spans: null, percent: 25 }}, {scale}, 0, 100)]",
    )

    assert found == [[[0, 20, 20], [60, 84, 12], [90, 100, 0]], [[0, 100, 25]]]
