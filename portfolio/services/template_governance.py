"""What a project from a template takes over of its methodology: version, gate days, responsibilities."""

from collections.abc import Mapping
from datetime import date

from pmo_portal.accounts.models import User
from portfolio.choices import MethodologyState
from portfolio.models import MethodologyVersion
from portfolio.rollup.project_template import TemplateContent
from portfolio.services.governance import bind_methodology, plan_gates
from portfolio.services.responsibilities import fill_matrix
from portfolio.services.template_duties import take_over_duties
from projects.models import Project
from projects.selectors.plan_dates import shown_finish


def follow_methodology(
    *,
    actor: User | None,
    project: Project,
    content: TemplateContent,
    rows: Mapping[str, int],
    language: str,
    today: date,
) -> None:
    """
    Let a new project follow the methodology its template names, in the version in force (STD-2).

    Milestones that carry the code of a gate give the gate its day; the responsibility matrix begins with what
    the methodology proposes, changed as the template says. Without a methodology, or without a version of it
    in force, nothing happens: the template names none that could be followed.

    Parameters
    ----------
    rows : mapping of str to int
        Number in the plan of each row, by its key in the template.
    """
    if not content.methodology:
        return
    found = MethodologyVersion.objects.filter(
        methodology__code=content.methodology, state=MethodologyState.EFFECTIVE
    )
    version = found.select_related("methodology").first()
    if version is None:
        return
    bind_methodology(actor=actor, project=project, version=version, today=today)
    codes = {rows[gate.code]: gate.code for gate in version.content.gates if gate.code in rows}
    dates: dict[tuple[str, int], date | None] = {
        (codes[task.uid], 1): shown_finish(task.planned_finish)
        for task in project.tasks.filter(uid__in=codes).order_by("uid")
    }
    plan_gates(actor=actor, project=project, dates=dates, today=today)
    fill_matrix(actor=actor, project=project, today=today)
    take_over_duties(
        actor=actor,
        project=project,
        content=content,
        method=version.content,
        family=version.methodology.family,
        rows=rows,
        language=language,
    )
