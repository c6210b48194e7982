"""Several years of the UK Government Major Projects Portfolio become projects with a history."""

import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pmo_portal.audit.models import AuditEntry
from pmo_portal.common.errors import Conflict, DomainError
from pmo_portal.documents.services.files import file_path, store_upload
from portfolio.interchange.mapping import TableMapping
from portfolio.models import Portfolio, PortfolioImport
from portfolio.services.import_mappings import mapping_named, remember_mapping
from portfolio.services.structure import create_portfolio
from portfolio.services.table_imports import (
    choose_mapping,
    confirm_import,
    discard_import,
    start_import,
)
from portfolio.services.table_writing import import_file
from projects.choices import ImportState
from projects.models import Project, StatusReport, Task
from tests import factories

pytestmark = pytest.mark.django_db
HEADER = b"Name;Status;Start;End;Cost\n"
YEAR_1 = HEADER + b"Bridge (BRG);Amber;2026-01-05;2027-12-31;10\nRoad;Green;;;5\n"
YEAR_2 = HEADER + b"bridge;Red;2026-01-05;2028-06-30;14\nHarbor;Exempt;;soon;\n;Red;;;\n"


def mapping(**choices: Any) -> TableMapping:
    """Return the mapping of the small tables, in millions of euros."""
    columns = {"name": "Name", "confidence": "Status", "start": "Start", "finish": "End", "budget": "Cost"}
    return TableMapping(
        title="Small",
        columns={code: (header,) for code, header in columns.items()},
        money_unit=1_000_000,
        report_cycle="YEARLY",
        **choices,
    )


@pytest.fixture
def roads() -> Portfolio:
    """Return an empty portfolio."""
    return create_portfolio(actor=None, code="roads", name="Roads")


def imported(portfolio: Portfolio, path: Path, content: bytes, as_of: date) -> dict[str, Any]:
    """Import a small table and return its plan."""
    remember_mapping(actor=None, name="small", mapping=mapping())
    path.write_bytes(content)
    return import_file(
        actor=None, path=path, portfolio=portfolio, mapping_name="small", now=timezone.now(), as_of=as_of
    )


def test_later_year_updates_the_same_projects(roads: Portfolio, tmp_path: Path) -> None:
    """The project stays, its status, date and cost of each year are kept (issue 2, section 4)."""
    imported(roads, tmp_path / "1.csv", YEAR_1, date(2026, 3, 31))

    plan = imported(roads, tmp_path / "2.csv", YEAR_2, date(2027, 3, 31))

    bridge = Project.objects.get(name="Bridge (BRG)")
    assert plan["counts"] == {"CREATE": 1, "UPDATE": 1, "LATER_KNOWN": 0, "REFUSED": 1}
    assert [line["act"] for line in plan["lines"]] == ["UPDATE", "CREATE", "REFUSED"]
    assert bridge.planned_finish == date(2028, 6, 30)
    assert bridge.data_date == date(2027, 3, 31)
    statuses = bridge.reports.order_by("period_end").values_list(
        "period_end", "confidence", "reported_budget"
    )
    assert list(statuses) == [
        (date(2026, 3, 31), "AMBER", Decimal("10000000.00")),
        (date(2027, 3, 31), "RED", Decimal("14000000.00")),
    ]


def test_first_status_is_the_baseline(roads: Portfolio, tmp_path: Path) -> None:
    """ADR 5: first dates and cost are the reference, later ones the forecast."""
    imported(roads, tmp_path / "1.csv", YEAR_1, date(2026, 3, 31))
    imported(roads, tmp_path / "2.csv", YEAR_2, date(2027, 3, 31))

    bridge = Project.objects.get(name="Bridge (BRG)")
    baseline = bridge.baselines.get()
    assert (baseline.number, baseline.finish.date(), baseline.bac) == (0, date(2027, 12, 31), Decimal(0))
    assert bridge.budget_lines.get().amount == Decimal("10000000.00")
    forecasts = bridge.forecast_lines.order_by("made_on").values_list("etc_amount", flat=True)
    assert list(forecasts) == [Decimal("10000000.00"), Decimal("14000000.00")]
    entries = Task.objects.get(project=bridge, is_key_milestone=True).progress_entries.order_by("data_date")
    assert [entry.forecast_finish.date() for entry in entries] == [date(2027, 12, 31), date(2028, 6, 30)]


def test_mapping_may_leave_the_baseline_out(roads: Portfolio, tmp_path: Path) -> None:
    """Then nothing is compared with the first year."""
    remember_mapping(actor=None, name="plain", mapping=mapping(has_first_status_as_baseline=False))
    path = tmp_path / "1.csv"
    path.write_bytes(YEAR_1)

    import_file(
        actor=None,
        path=path,
        portfolio=roads,
        mapping_name="plain",
        now=timezone.now(),
        as_of=date(2026, 3, 31),
    )

    assert not Project.objects.get(name="Bridge (BRG)").baselines.exists()


def test_dirty_cells_leave_values_out_and_are_reported(roads: Portfolio, tmp_path: Path) -> None:
    """Nothing withheld becomes 0 or a color (CON-4)."""
    plan = imported(roads, tmp_path / "2.csv", YEAR_2, date(2027, 3, 31))

    report = StatusReport.objects.get(project__name="Harbor")
    assert (report.confidence, report.reported_budget, report.reported_finish) == ("", None, None)
    found = [(each["row"], each["column"], each["reason"]) for each in plan["problems"]]
    assert found == [(3, "Status", "WITHHELD"), (3, "End", "UNREADABLE"), (4, "Name", "NO_NAME")]


def test_older_year_after_a_newer_one_adds_history_only(roads: Portfolio, tmp_path: Path) -> None:
    """What is known now is not overwritten by what was known then."""
    imported(roads, tmp_path / "2.csv", YEAR_2, date(2027, 3, 31))

    plan = imported(roads, tmp_path / "1.csv", YEAR_1, date(2026, 3, 31))

    bridge = Project.objects.get(name="bridge")
    assert plan["counts"]["LATER_KNOWN"] == 1
    assert (bridge.planned_finish, bridge.data_date) == (date(2028, 6, 30), date(2027, 3, 31))
    assert bridge.reports.count() == 2


def test_same_year_again_supersedes(roads: Portfolio, tmp_path: Path) -> None:
    """Twice is not double: one published status per period (REP-10)."""
    imported(roads, tmp_path / "1.csv", YEAR_1, date(2026, 3, 31))
    imported(roads, tmp_path / "1.csv", YEAR_1, date(2026, 3, 31))

    assert Project.objects.count() == 2
    states = StatusReport.objects.filter(project__name="Road").values_list("state", flat=True)
    assert Counter(states) == {"PUBLISHED": 1, "SUPERSEDED": 1}


def test_broken_row_leaves_nothing(roads: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All or nothing (SEC-24): a fault in the last write takes all rows back."""

    def power_cut(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("portfolio.services.table_writing._order_roll_ups", power_cut)
    with pytest.raises(RuntimeError):
        imported(roads, tmp_path / "1.csv", YEAR_1, date(2026, 3, 31))

    assert (Project.objects.count(), StatusReport.objects.count()) == (0, 0)
    assert not AuditEntry.objects.filter(action="project.created").exists()


def test_wizard_from_upload_to_projects(
    roads: Portfolio, drain: Callable[[], int], settings: Any, tmp_path: Path
) -> None:
    """Upload, map, preview, confirm; each step by a worker."""
    settings.MEDIA_ROOT = tmp_path
    paula = factories.user("Paula")
    file = store_upload(owner=paula, name="roads.csv", chunks=[YEAR_1])
    started = start_import(actor=paula, file=file, portfolio=roads)
    drain()
    started.refresh_from_db()
    assert started.preview["headers"] == ["Name", "Status", "Start", "End", "Cost"]
    assert started.preview["proposal"]["finish"] == ["End"]

    choose_mapping(actor=paula, imported=started, mapping=mapping(), as_of=date(2026, 3, 31))
    drain()
    started.refresh_from_db()
    assert started.preview["plan"]["counts"]["CREATE"] == 2
    assert not Project.objects.exists()

    confirm_import(actor=paula, imported=started)
    drain()
    started.refresh_from_db()
    assert started.state == ImportState.IMPORTED
    assert sorted(Project.objects.values_list("name", flat=True)) == ["Bridge (BRG)", "Road"]
    entry = AuditEntry.objects.get(action="portfolio_import.imported", actor=paula)
    assert entry.object_label == started.file.title
    with pytest.raises(Conflict):
        confirm_import(actor=paula, imported=started)


def test_refused_file_is_forgotten(
    roads: Portfolio,
    drain: Callable[[], int],
    settings: Any,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """One clear line stays, the bytes do not (SEC-19, SEC-24)."""
    settings.MEDIA_ROOT = tmp_path
    paula = factories.user("Paula")
    file = store_upload(owner=paula, name="x.csv", chunks=[b"\x00\x01"])
    started = start_import(actor=paula, file=file, portfolio=roads)

    with django_capture_on_commit_callbacks(execute=True):
        drain()

    started.refresh_from_db()
    assert (started.state, started.refusal) == (
        ImportState.REFUSED,
        "The file holds binary data: it is neither a CSV nor an XLSX file.",
    )
    assert not file_path(file).exists()


def test_import_without_any_good_row_cannot_be_confirmed(
    roads: Portfolio, drain: Callable[[], int], settings: Any, tmp_path: Path
) -> None:
    """Nothing would come of it."""
    settings.MEDIA_ROOT = tmp_path
    paula = factories.user("Paula")
    file = store_upload(owner=paula, name="x.csv", chunks=[HEADER + b";Red;;;1\n"])
    started = start_import(actor=paula, file=file, portfolio=roads)
    drain()
    started.refresh_from_db()
    choose_mapping(actor=paula, imported=started, mapping=mapping(), as_of=date(2026, 3, 31))
    drain()
    started.refresh_from_db()

    with pytest.raises(DomainError, match="No row"):
        confirm_import(actor=paula, imported=started)

    discard_import(actor=paula, imported=started)
    assert PortfolioImport.objects.get().state == ImportState.DISCARDED


def test_shipped_mapping_cannot_be_overwritten() -> None:
    """The mapping of the product stays what it is."""
    with pytest.raises(DomainError, match="mapping of the product"):
        remember_mapping(actor=None, name="uk-gmpp", mapping=mapping())
    assert mapping_named("uk-gmpp").currency == "GBP"


def run_command(*arguments: str) -> tuple[int, str, str]:
    """Run import_portfolio; return exit code, output and errors."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_portfolio", *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_command_imports_two_real_years(oracle_dir: Path) -> None:
    """133 rows of 2018 and of 2019: 105 projects are the same, 28 are new, none disappears."""
    folder = oracle_dir / "portfolio"
    first = run_command(str(folder / "uk_2018.csv"), "--mapping", "uk-gmpp", "--json")
    second = run_command(str(folder / "uk_2019.csv"), "--mapping", "uk-gmpp", "--json")

    assert json.loads(first[1])["counts"] == {"CREATE": 133, "UPDATE": 0, "LATER_KNOWN": 0, "REFUSED": 0}
    assert json.loads(second[1])["counts"] == {"CREATE": 28, "UPDATE": 105, "LATER_KNOWN": 0, "REFUSED": 0}
    assert Project.objects.count() == 161
    assert Portfolio.objects.get(code="uk-gmpp").reporting_currency == "GBP"
    by_date = Counter(StatusReport.objects.values_list("period_end", flat=True))
    assert by_date == {date(2018, 3, 31): 133, date(2019, 3, 31): 133}


def test_command_says_in_words_what_was_not_taken(roads: Portfolio, tmp_path: Path) -> None:
    """By row and column, with what the cell says; codes are for programs (``--json``)."""
    path = tmp_path / "x.csv"
    path.write_bytes(
        b"project_name,colour_rating,start_date,end_date,wlc_baseline_incl_NCG\n"
        b"Bridge,Red,01/02/2026,Exempt under Section 43,5\n,Red,,,1\n"
    )

    code, said, _errors = run_command(
        str(path), "--mapping", "uk-gmpp", "--portfolio", roads.code, "--as-of", "2026-03-31"
    )

    assert (code, said.splitlines()) == (
        0,
        [
            "2 rows: 1 projects created, 0 updated, 0 older than what is known, 1 refused.",
            "  info    row 2, end_date: withheld by the reporter (Exempt under Section 43)",
            "  error   row 3, project_name: the row has no project name and is refused",
        ],
    )


def test_command_refuses_with_one_line_and_code_2(tmp_path: Path) -> None:
    """Scripts can rely on it; nothing is left, not even the new portfolio."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"nothing to see")

    assert run_command(str(path), "--mapping", "uk-gmpp") == (
        2,
        "",
        "The first row names fewer than two columns: this is not a table.\n",
    )
    path.write_bytes(b"region,sum\nNorth,5\n")
    assert run_command(str(path), "--mapping", "uk-gmpp") == (
        2,
        "",
        "No row of this table can be imported; the preview says why.\n",
    )
    with pytest.raises(CommandError, match="“soon” is no date; write it as 2026-03-31"):
        run_command(str(path), "--mapping", "uk-gmpp", "--as-of", "soon")
    assert run_command(str(path), "--mapping", "nope")[0] == 2
    assert run_command(str(tmp_path / "absent.csv"), "--mapping", "uk-gmpp")[0] == 2
    assert not Portfolio.objects.exists()
