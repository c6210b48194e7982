"""Drafts of methodologies: begun from the version in force, edited row by row, discarded (STD-1)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import DomainError, StaleObject
from portfolio import actions
from portfolio.choices import MethodologyState as State
from portfolio.interchange.toml_table import CODE
from portfolio.models import MethodologyVersion
from portfolio.rollup.codec import to_plain
from portfolio.rollup.methodology import EACH_GATE, PARTS, Content, Row, Words
from portfolio.rollup.methodology_changes import changes_between
from portfolio.services.methodologies import lock_version, require_right
from portfolio.services.version_numbers import rank_of, require_no_draft, require_number

LONGEST = 2000
"""Characters of a text, as on the forms."""


@transaction.atomic
def begin_draft(*, actor: User, base: MethodologyVersion, version: str) -> MethodologyVersion:
    """
    Return a draft with the content of a published version.

    Raises
    ------
    DomainError
        If the number is no three numbers, or not above all that are there.
    Conflict
        If somebody has begun the next version already.
    """
    require_right(actor, "methodology.edit")
    base = lock_version(base, State.EFFECTIVE, State.SUPERSEDED)
    others = MethodologyVersion.objects.filter(methodology_id=base.methodology_id)
    require_no_draft(others.open().first())
    require_number(version, newest=others.order_by("-rank").values_list("version", flat=True)[0])
    made = MethodologyVersion(
        methodology=base.methodology,
        version=version,
        rank=rank_of(version),
        document=base.document,
        based_on=base,
        owner=actor,
    )
    made.full_clean(exclude=["created_at"])
    made.save()
    _record(actor, actions.METHODOLOGY_DRAFTED, made, after={"based_on": base.version})
    return made


@transaction.atomic
def edit_head(
    *, actor: User, version: MethodologyVersion, edition: int, values: Mapping[str, Words]
) -> MethodologyVersion:
    """Change name, summary, notice or changelog of a draft."""
    locked = _lock_draft(actor, version, edition)
    texts: dict[str, Any] = {name: words for name, words in values.items() if name != "changelog"}
    content = replace(locked.content, **texts)
    before = {name: getattr(locked.content, name) for name in texts}
    locked.changelog = to_plain(values["changelog"]) if "changelog" in values else locked.changelog
    return _save(actor, locked, content, to_plain(before), {k: to_plain(v) for k, v in values.items()})


@transaction.atomic
def save_row(
    *, actor: User, version: MethodologyVersion, edition: int, part: str, row: Row, code: str = ""
) -> MethodologyVersion:
    """
    Put a row into a draft: in the place of the one with ``code``, or at the end without it.

    Rows that name the old code follow a new one.

    Raises
    ------
    DomainError
        If the code is taken or no code.
    StaleObject
        If somebody changed the draft since ``edition``.
    """
    locked = _lock_draft(actor, version, edition)
    content = locked.content
    rows = list(getattr(content, part))
    former = next((each for each in rows if each.code == code), None) if code else None
    if code and former is None:
        raise StaleObject(_("This row is not in the draft any more."))
    if not CODE.fullmatch(row.code) or row.code == EACH_GATE:
        raise DomainError(_("Use letters, digits and - _ . only, at most 20."), field="code")
    if any(each.code == row.code and each is not former for each in rows):
        raise DomainError(_("This code is taken. Choose another one."), field="code", code="CODE_TAKEN")
    if former is None:
        rows.append(row)
    else:
        rows[rows.index(former)] = row
    content = _with_rows(content, part, rows)
    if former is not None and former.code != row.code:
        content = _renamed(content, part, former.code, row.code)
    before = {f"{part} {code}": to_plain(former)} if former else {}
    return _save(actor, locked, content, before, {f"{part} {row.code}": to_plain(row)})


@transaction.atomic
def write_content(
    *,
    actor: User,
    version: MethodologyVersion,
    edition: int,
    document: Mapping[str, Any] | None = None,
    changelog: Words | None = None,
) -> MethodologyVersion:
    """
    Put a whole content in the place of that of a draft, as files and programs bring it, or say what changes.

    Faults in what it says are listed on its page, as those of rows; only what cannot be read is refused.

    Raises
    ------
    DomainError
        ``UNREADABLE`` on ``document``: a key is absent or of the wrong kind, a code is none, a text too long.
    StaleObject
        If somebody changed the draft since ``edition``.
    """
    locked = _lock_draft(actor, version, edition)
    former = locked.content
    content = former if document is None else _read(document)
    found = changes_between(former, content)
    before = {f"{each.part} {each.code}".strip(): to_plain(each.before) for each in found if each.code}
    after = {f"{each.part} {each.code}".strip(): to_plain(each.after) for each in found if each.code}
    if changelog is not None:
        locked.changelog = to_plain(changelog)
        after["changelog"] = locked.changelog
    return _save(actor, locked, content, before, after)


@transaction.atomic
def remove_row(
    *, actor: User, version: MethodologyVersion, edition: int, part: str, code: str
) -> MethodologyVersion:
    """Take a row out of a draft; what names it is listed as a fault until it is changed."""
    locked = _lock_draft(actor, version, edition)
    content = locked.content
    rows = getattr(content, part)
    gone = next((row for row in rows if row.code == code), None)
    if gone is None:
        raise StaleObject(_("This row is not in the draft any more."))
    content = _with_rows(content, part, [row for row in rows if row is not gone])
    return _save(actor, locked, content, {f"{part} {code}": to_plain(gone)}, {f"{part} {code}": None})


@transaction.atomic
def move_row(
    *, actor: User, version: MethodologyVersion, edition: int, part: str, code: str, step: int
) -> MethodologyVersion:
    """Move a row of a draft up (-1) or down (1)."""
    locked = _lock_draft(actor, version, edition)
    content = locked.content
    rows = list(getattr(content, part))
    place = next((number for number, row in enumerate(rows) if row.code == code), None)
    if place is None:
        raise StaleObject(_("This row is not in the draft any more."))
    wanted = place + step
    if step not in (-1, 1) or not 0 <= wanted < len(rows):
        raise DomainError(_("The row cannot be moved further."))
    rows[place], rows[wanted] = rows[wanted], rows[place]
    content = _with_rows(content, part, rows)
    return _save(actor, locked, content, {f"{part} {code}": place + 1}, {f"{part} {code}": wanted + 1})


@transaction.atomic
def discard_draft(*, actor: User, version: MethodologyVersion) -> None:
    """Delete a draft nobody has submitted; the trail keeps that it was there."""
    require_right(actor, "methodology.edit")
    locked = lock_version(version, State.DRAFT)
    _record(actor, actions.METHODOLOGY_DISCARDED, locked)
    locked.delete()


def _read(document: Mapping[str, Any]) -> Content:
    """Return the content a document says."""
    try:
        content = Content.from_dict(document)
    except (ValueError, KeyError) as fault:
        raise _unreadable(str(fault)) from fault
    for part in PARTS:
        for row in getattr(content, part):
            if not CODE.fullmatch(row.code) or row.code == EACH_GATE:
                raise _unreadable(f"{part}: {row.code}")
    if any(len(text) > LONGEST for text in _texts(to_plain(content))):
        raise _unreadable(f"> {LONGEST}")
    return content


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _unreadable(where: str) -> DomainError:
    sentence = _("This is not the content of a methodology: %(where)s. Read a version to see its shape.")
    return DomainError(sentence % {"where": where}, field="document", code="UNREADABLE")


def _lock_draft(actor: User, version: MethodologyVersion, edition: int) -> MethodologyVersion:
    require_right(actor, "methodology.edit")
    locked = lock_version(version, State.DRAFT)
    if locked.edition != edition:
        raise StaleObject(_("Somebody else changed this draft meanwhile. Look at it again, then save."))
    return locked


def _with_rows(content: Content, part: str, rows: list[Any]) -> Content:
    values: dict[str, Any] = {part: tuple(rows)}
    return replace(content, **values)


def _renamed(content: Content, part: str, old: str, new: str) -> Content:
    """Return the content with everything that named a code naming its new one."""

    def one(code: str) -> str:
        return new if code == old else code

    def many(codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one(code) for code in codes)

    if part == "roles":
        gates = tuple(replace(gate, deciders=many(gate.deciders)) for gate in content.gates)
        asked = tuple(replace(row, approver=one(row.approver)) for row in content.requirements)
        closing = tuple(replace(row, role=one(row.role)) for row in content.closing)
        return replace(content, gates=gates, requirements=asked, closing=closing)
    if part == "phases":
        gates = tuple(replace(gate, closes_phase=one(gate.closes_phase)) for gate in content.gates)
        return replace(content, gates=gates)
    if part == "gates":
        asked = tuple(
            replace(row, gate=one(row.gate), refreshed_at=many(row.refreshed_at))
            for row in content.requirements
        )
        checks = tuple(replace(check, gate=one(check.gate)) for check in content.checks)
        return replace(content, requirements=asked, checks=checks)
    return content


def _save(
    actor: User,
    version: MethodologyVersion,
    content: Content,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> MethodologyVersion:
    version.document = content.to_dict()
    version.edition += 1
    version.save(update_fields=["document", "changelog", "edition"])
    _record(actor, actions.METHODOLOGY_EDITED, version, before=before, after=after)
    return version


def _record(actor: User, action: str, version: MethodologyVersion, **values: Any) -> None:
    audit.record(actor=actor, action=action, target=version, node=organization_node(), **values)
