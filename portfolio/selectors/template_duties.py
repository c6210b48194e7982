"""Responsibilities of a project as a template holds them: what differs from the methodology, and own rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portfolio.choices import MethodologyState
from portfolio.models import MethodologyVersion, ResponsibilityRow
from portfolio.rollup.methodology import Share, Words
from portfolio.rollup.project_template import DutyKind, TemplateContent, TemplateDuty
from portfolio.rollup.responsibility import proposed_rows
from portfolio.selectors.governance import Governance
from portfolio.selectors.methodologies import said
from projects.models import Project


@dataclass(frozen=True)
class Duties:
    """The rows a template takes over, and how many letters of people by name it leaves out."""

    rows: tuple[TemplateDuty, ...] = ()
    people: int = 0


@dataclass(frozen=True)
class DutyLine:
    """A row on the page of a template."""

    place: str
    name: str
    letters: tuple[tuple[str, str], ...]
    is_left_out: bool


def duties_of(
    project: Project, known: Governance, keys: Mapping[int, str], former: Iterable[TemplateDuty]
) -> Duties:
    """
    Return what the matrix of a project says beside the proposal of its methodology. Two queries.

    Parameters
    ----------
    keys : mapping of int to str
        Key of each row of the template, by the primary key of its task.
    former : iterable of TemplateDuty
        Those of the template the project came from: their titles keep both languages.
    """
    asked = [row.code for row in known.content.requirements]
    proposed = {(row.kind, row.code): dict(row.shares) for row in proposed_rows(known.content, asked)}
    titles = {text: each.title for each in former for text in (each.title.en, each.title.de) if text}
    rows, people = [], 0
    stored = ResponsibilityRow.objects.filter(project=project).prefetch_related("shares")
    for row in stored.order_by("pk"):
        letters = {each.role: Share(each.share) for each in row.shares.all() if each.role}
        people += sum(not each.role for each in row.shares.all())
        if row.code and (row.kind, row.code) not in proposed:
            continue
        if row.code in (*known.additions.own, *known.additions.placed):
            continue
        if row.code and not row.is_left_out and letters == proposed[row.kind, row.code]:
            continue
        if not letters and not row.is_left_out:
            continue
        rows.append(_duty(row, letters, keys, titles))
    return Duties(tuple(rows), people)


def _duty(
    row: ResponsibilityRow,
    letters: Mapping[str, Share],
    keys: Mapping[int, str],
    titles: Mapping[str, Words],
) -> TemplateDuty:
    key = keys.get(row.task_id or 0, "")
    return TemplateDuty(
        title=titles.get(row.title) or Words(row.title),
        kind=DutyKind(row.kind) if key or row.code else DutyKind.PROCESS,
        code=row.code,
        row=key,
        shares={} if row.is_left_out else dict(letters),
        is_left_out=row.is_left_out,
    )


def duty_lines(content: TemplateContent) -> tuple[DutyLine, ...]:
    """Return the rows as the page shows them, roles by title, in order. One query where there are any."""
    if not content.duties:
        return ()
    version = MethodologyVersion.objects.filter(
        methodology__code=content.methodology, state=MethodologyState.EFFECTIVE
    ).first()
    method = version.content if version else None
    titles = {role.code: said(role.title) for role in method.roles} if method else {}
    rank = {code: place for place, code in enumerate(titles)}
    names = {row.key: said(row.title) for row in content.rows}
    if method is not None:
        names |= {row.code: said(row.title) for row in method.requirements}
        names |= {gate.code: said(gate.question) for gate in method.gates}
    return tuple(
        DutyLine(
            place=each.code or each.row,
            name=said(each.title) or names.get(each.code or each.row, ""),
            letters=tuple(
                (titles.get(role, role), each.shares[role].value)
                for role in sorted(each.shares, key=lambda code: (rank.get(code, len(rank)), code))
            ),
            is_left_out=each.is_left_out,
        )
        for each in content.duties
    )
