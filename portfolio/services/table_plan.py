"""What an import would do, row by row, before it does it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from pmo_portal.common.errors import DomainError
from portfolio.interchange.records import Reading
from portfolio.selectors.import_leavers import LEAVE, Missing
from portfolio.selectors.import_matches import Match

PROBLEMS_SHOWN = 2_000


def require_good_row(plan: Mapping[str, Any]) -> None:
    """Raise if nothing would come of an import: no portfolio is made and no project leaves for it."""
    if plan["counts"]["REFUSED"] == plan["rows_total"]:
        raise DomainError(_("No row of this table can be imported; the preview says why."))


def plan_of(reading: Reading, matches: Sequence[Match], missing: Missing) -> dict[str, Any]:
    """
    Return the preview as JSON data: counts, one line per row, the problems, the projects left out.

    Every row of the table is in ``lines``: created, updated, repeated or refused. ``leavers`` names the
    projects the table no longer has, and what happens to them.
    """
    lines = [_line(match) for match in matches]
    lines += [{"row": row, "name": "", "act": "REFUSED"} for row in reading.refused]
    lines.sort(key=lambda line: line["row"])
    acts = [line["act"] for line in lines]
    return {
        "counts": {act: acts.count(act) for act in ("CREATE", "UPDATE", "LATER_KNOWN", "REFUSED")},
        "rows_total": len(lines),
        "lines": lines,
        "left": len(missing.leavers) if missing.decision == LEAVE else 0,
        "returned": sum(bool(line.get("returns")) for line in lines),
        "leavers": {
            "left_on": missing.left_on.isoformat() if missing.left_on else None,
            "proposal": missing.proposal,
            "decision": missing.decision,
            "projects": [
                {
                    "code": leaver.code,
                    "name": leaver.name,
                    "last_status": leaver.last_status.isoformat(),
                }
                for leaver in missing.leavers
            ],
        },
        "problems_total": len(reading.problems),
        "problems": [asdict(problem) for problem in reading.problems[:PROBLEMS_SHOWN]],
    }


def act_of(match: Match) -> str:
    """
    Return what happens to the row.

    ``LATER_KNOWN``: the project is closed or known to a later day, so the row adds history only.
    """
    project, moment = match.project, match.record.as_of
    if project is None:
        return "CREATE"
    later = any(
        known is not None and moment is not None and moment < known
        for known in (project.last_status, project.data_date)
    )
    return "LATER_KNOWN" if later or not project.is_open else "UPDATE"


def returns(match: Match) -> bool:
    """Whether the row brings a project back that had left by its day."""
    away = match.project.away_since if match.project else None
    return away is not None and match.record.as_of is not None and away <= match.record.as_of


def _line(match: Match) -> dict[str, Any]:
    record, values = match.record, match.record.values
    line: dict[str, Any] = {
        "row": record.row,
        "name": record.name,
        "act": act_of(match),
        "as_of": record.as_of.isoformat() if record.as_of else None,
        "code": match.project.code if match.project else "",
        "known_as": match.project.name if match.project and match.project.name != record.name else "",
        "confidence": values.get("confidence"),
        "finish": _text(values.get("finish")),
        "budget": _text(values.get("budget")),
    }
    if returns(match):
        line["returns"] = True
    if match.similar is not None:
        line["similar"] = {"code": match.similar.code, "name": match.similar.name}
    return line


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def summary_of(plan: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts of a plan with names for commands and notifications."""
    counts = plan["counts"]
    return {
        "created": counts["CREATE"],
        "updated": counts["UPDATE"],
        "history_only": counts["LATER_KNOWN"],
        "refused": counts["REFUSED"],
        "problems": plan["problems_total"],
        "left": plan["left"],
        "returned": plan["returned"],
    }
