"""
What a judgement was made from, told apart by a digest before anything is measured (SEC-37).

The digest covers all that is read: plan, progress, baseline, money, calendars, report, leaders, home,
policy and former close. When the stored row of the same date carries it, the row cannot come out otherwise.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from pmo_portal.common.among import Among
from portfolio.choices import SnapshotKind
from portfolio.models import ProjectHealth
from portfolio.rollup.inputs import ALGORITHM_VERSION
from portfolio.rollup.vocabulary import Color
from portfolio.selectors.facts import Surroundings, load_task_refs
from portfolio.services.fact_sheets import first_of_each
from projects.models import ProjectSnapshot
from projects.selectors.measures import LoadedProjects, ProjectHeader
from projects.services.snapshots import CODE_VERSION


def source_of(header: ProjectHeader, fingerprint: str, around: Surroundings, policy: str) -> str:
    """
    Return everything the judgement of a project depends on, but for the names of the tasks it lists.

    Parameters
    ----------
    fingerprint : str
        Digest of plan, progress, baseline, money and calendars.
    policy : str
        Label of the policy in force: a version never changes.
    """
    report = around.reports.get(header.id)
    declared = sorted(report.declared.items()) if report else []
    parts: tuple[Any, ...] = (
        ALGORITHM_VERSION,
        CODE_VERSION,
        fingerprint,
        policy,
        header.code,
        header.state,
        header.state_since,
        header.reopen_count,
        header.report_cycle,
        header.is_flagship,
        header.tasks_active,
        header.tasks_owned,
        around.homes[header.id],
        (report.period_end, report.confidence, declared) if report else None,
        around.closes.get(header.id),
        header.node_id in around.nodes_with_leaders,
        header.id in around.posted_last_period,
    )
    if header.id in around.schedule_scores:
        parts = (*parts, around.schedule_scores[header.id])
    if header.id in around.compliance:
        parts = (*parts, ("HG1", around.compliance[header.id]))
    if header.id in around.conditions:
        parts = (*parts, ("HG2", around.conditions[header.id]))
    return repr(parts)


def input_digest(source: str, *, is_red_close: bool) -> str:
    """
    Return the digest a row of health is kept with.

    Parameters
    ----------
    is_red_close : bool
        Whether the row closes a period in RED and so lengthens the run of red closes.
    """
    return sha256(f"{source}|{is_red_close}".encode()).hexdigest()


def is_red_close(color: str, kind: str) -> bool:
    """Tell whether a row closes a period in RED."""
    return kind == SnapshotKind.PERIOD_CLOSE and color == Color.RED


def unchanged_projects(
    loaded: LoadedProjects, sources: Mapping[int, str], *, as_of: date, kind: str
) -> dict[int, str]:
    """Return the projects whose stored row was made from these inputs, with its digest. Three queries."""
    stored = {
        project_id: (digest, color)
        for project_id, digest, color in ProjectHealth.objects.filter(
            Among("project_id", sources), as_of=as_of
        ).values_list("project_id", "input_hash", "color")
    }
    listed = _listed_tasks(loaded, stored, as_of) if stored else {}
    refs = load_task_refs([pk for task_ids in listed.values() for pk in task_ids], as_of) if listed else {}
    found = {}
    for project_id, task_ids in listed.items():
        digest, color = stored[project_id]
        named = [refs.get(pk) for pk in task_ids]
        source = f"{sources[project_id]}|{named}"
        if digest == input_digest(source, is_red_close=is_red_close(color, kind)):
            found[project_id] = digest
    return found


def _listed_tasks(
    loaded: LoadedProjects, stored: Mapping[int, tuple[str, str]], as_of: date
) -> dict[int, list[int]]:
    """Return the tasks listed by the stored snapshots of projects that would be measured the same."""
    prints = {
        header.id: fingerprint
        for header, fingerprint in zip(loaded.headers, loaded.fingerprints, strict=True)
    }
    rows = ProjectSnapshot.objects.filter(
        Among("project_id", stored), as_of=as_of, code_version=CODE_VERSION
    ).values_list("project_id", "input_hash", "measures")
    return {
        project_id: first_of_each(
            measures["overdue_milestone_ids"], measures["finish_task_ids"], measures["late_task_ids"]
        )
        for project_id, fingerprint, measures in rows
        if fingerprint == prints[project_id]
    }
