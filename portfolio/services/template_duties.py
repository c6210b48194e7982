"""Take the responsibilities of a template over into the matrix of a new project (ORG-6)."""

from collections.abc import Mapping

from pmo_portal.accounts.models import User
from pmo_portal.audit import services as audit
from portfolio import actions
from portfolio.choices import RaciItem
from portfolio.models import ResponsibilityRow, ResponsibilityShare
from portfolio.rollup.methodology import Content, Share
from portfolio.rollup.project_template import TemplateContent, TemplateDuty
from portfolio.rollup.responsibility import letters_of
from projects.models import Project, Task


def take_over_duties(
    *,
    actor: User | None,
    project: Project,
    content: TemplateContent,
    method: Content,
    family: str,
    rows: Mapping[str, int],
    language: str,
) -> int:
    """
    Change the matrix that begins with the proposal of the methodology as the template says; return how many.

    Roles and items that the version in force does not know, or that are not asked for at the tier, are passed
    over: the template may be older than it.

    Parameters
    ----------
    rows : mapping of str to int
        Number in the plan of each row, by its key in the template.
    """
    known = {role.code for role in method.roles}
    letters = letters_of(method, family)
    coded = ResponsibilityRow.objects.filter(project=project).exclude(code="")
    stored = {(row.kind, row.code): row for row in coded}
    tasks = {task.uid: task for task in Task.objects.filter(project=project, uid__in=rows.values())}
    done = 0
    for duty in content.duties:
        given = {role: share for role, share in duty.shares.items() if role in known and share in letters}
        row = (
            stored.get((duty.kind.value, duty.code))
            if duty.code
            else _own_row(project, duty, tasks.get(rows.get(duty.row, 0)), language)
        )
        if row is None or not (given or duty.is_left_out):
            continue
        _write(row, duty, given)
        done += 1
    if done:
        audit.record(
            actor=actor, action=actions.RACI_FILLED, target=project, node=project.node, after={"rows": done}
        )
    return done


def _own_row(
    project: Project, duty: TemplateDuty, task: Task | None, language: str
) -> ResponsibilityRow | None:
    if duty.row and task is None:
        return None
    kind = RaciItem.PROCESS if task is None else RaciItem.WORK
    title = duty.title.text(language) if task is None else task.name
    return ResponsibilityRow(project=project, kind=kind, title=title, task=task)


def _write(row: ResponsibilityRow, duty: TemplateDuty, given: Mapping[str, Share]) -> None:
    row.is_left_out = duty.is_left_out
    if row._state.adding:
        row.full_clean()
    row.save()
    if duty.is_left_out:
        return
    row.shares.all().delete()
    ResponsibilityShare.objects.bulk_create(
        [ResponsibilityShare(row=row, role=role, share=share.value) for role, share in given.items()]
    )
