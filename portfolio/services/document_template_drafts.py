"""Versions of document templates: drafted, edited, submitted, published by somebody else (CON-9, ORG-8)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pmo_portal.accounts.models import User
from pmo_portal.accounts.services.scopes import organization_node
from pmo_portal.audit import services as audit
from pmo_portal.common.errors import Conflict, DomainError, NotAllowed, StaleObject
from portfolio import actions
from portfolio.choices import DocumentTemplateState as State
from portfolio.models import DocumentTemplate
from portfolio.rollup.codec import to_plain
from portfolio.rollup.document import DocumentContent, SectionRule, tidy_words
from portfolio.rollup.methodology import Words
from portfolio.services.document_template_checks import (
    require_sound,
    require_sound_head,
    require_sound_section,
)
from portfolio.services.document_template_notices import settle_waiting, tell_of_decision, tell_of_waiting
from portfolio.services.methodologies import require_right
from portfolio.services.version_numbers import rank_of, require_no_draft, require_number

EDIT, APPROVE = "methodology.edit", "methodology.approve"
MOST_SECTIONS = 40
LONGEST_NOTE = 400


@transaction.atomic
def begin_draft(*, actor: User, base: DocumentTemplate, version: str, today: date) -> DocumentTemplate:
    """
    Return a draft with the content of a published version.

    Raises
    ------
    DomainError
        If the number is no three numbers, or not above all that are there.
    Conflict
        If somebody has begun the next version already.
    """
    require_right(actor, EDIT)
    others = DocumentTemplate.objects.select_for_update(of=("self",)).filter(code=base.code)
    rows = list(others.order_by("-rank"))
    require_no_draft(next((row for row in rows if row.state != State.PUBLISHED), None))
    require_number(version, newest=rows[0].version)
    made = DocumentTemplate(
        code=base.code,
        version=version,
        rank=rank_of(version),
        state=State.DRAFT,
        is_current=False,
        document=base.document,
        loaded_on=today,
        based_on=base,
    )
    made.full_clean()
    made.save()
    _record(actor, actions.DOCUMENT_TEMPLATE_DRAFTED, made, after={"based_on": base.version})
    return made


@transaction.atomic
def edit_head(
    *,
    actor: User,
    template: DocumentTemplate,
    edition: int,
    title: Words,
    summary: Words,
    change_note: str,
    number: str = "",
) -> DocumentTemplate:
    """
    Change title, summary, what is new and the number of a draft; what says nothing new changes nothing.

    Parameters
    ----------
    number : str
        The version it shall become; "" keeps its number. A file may have taken the one it was begun with.

    Raises
    ------
    DomainError
        If a language is missing, a text too long, or the number not above all that were published.
    """
    locked = _lock_draft(actor, template)
    _require_edition(locked, edition)
    change_note = change_note.strip()
    if len(change_note) > LONGEST_NOTE:
        raise DomainError(
            _("Use at most %(value)s characters.") % {"value": LONGEST_NOTE},
            field="change_note",
            code="TOO_LONG",
        )
    before_number, number = locked.version, number.strip() or locked.version
    if number != before_number:
        _renumber(locked, number)
    title, summary = tidy_words(title, is_line=True), tidy_words(summary)
    require_sound_head(title, summary)
    content = replace(locked.content, title=title, summary=summary)
    former = _head_values(locked.content, locked.change_note)
    locked.change_note = change_note
    former["version"], new = before_number, {**_head_values(content, change_note), "version": number}
    before, after = audit.diff(former, new)
    return _save(actor, locked, content, before, after) if after else locked


@transaction.atomic
def save_section(
    *, actor: User, template: DocumentTemplate, edition: int, rule: SectionRule, code: str = ""
) -> DocumentTemplate:
    """
    Put a heading into a draft: in the place of the one with ``code``, or at the end without it.

    One that says what stands there already changes nothing.

    Raises
    ------
    DomainError
        If the code is taken or no code, a language is missing, a text too long, or a placeholder unknown.
    StaleObject
        If the heading is gone, or somebody changed the draft since ``edition``.
    """
    locked = _lock_draft(actor, template)
    rows = list(locked.content.sections)
    former = _section(rows, code) if code else None
    _require_edition(locked, edition)
    rule = rule.tidy()
    require_sound_section(rule)
    if rule == former:
        return locked
    if any(each.code == rule.code and each is not former for each in rows):
        raise DomainError(_("This code is taken. Choose another one."), field="code", code="CODE_TAKEN")
    if former is None:
        rows.append(rule)
    else:
        rows[rows.index(former)] = rule
    if len(rows) > MOST_SECTIONS:
        raise DomainError(_("Use fewer headings, or make two templates."), code="TOO_MANY")
    before = {code: to_plain(former)} if former else {}
    return _save(actor, locked, _with(locked, rows), before, {rule.code: to_plain(rule)})


@transaction.atomic
def remove_section(*, actor: User, template: DocumentTemplate, edition: int, code: str) -> DocumentTemplate:
    """Take a heading out of a draft."""
    locked = _lock_draft(actor, template)
    rows = list(locked.content.sections)
    gone = _section(rows, code)
    _require_edition(locked, edition)
    rows.remove(gone)
    return _save(actor, locked, _with(locked, rows), {code: to_plain(gone)}, {code: None})


@transaction.atomic
def move_section(
    *, actor: User, template: DocumentTemplate, edition: int, code: str, step: int
) -> DocumentTemplate:
    """Move a heading of a draft up (-1) or down (1)."""
    locked = _lock_draft(actor, template)
    rows = list(locked.content.sections)
    place = rows.index(_section(rows, code))
    _require_edition(locked, edition)
    wanted = place + step
    if step not in (-1, 1) or not 0 <= wanted < len(rows):
        raise DomainError(_("The row cannot be moved further."))
    rows[place], rows[wanted] = rows[wanted], rows[place]
    return _save(actor, locked, _with(locked, rows), {code: place + 1}, {code: wanted + 1})


@transaction.atomic
def submit_draft(*, actor: User, template: DocumentTemplate, edition: int) -> DocumentTemplate:
    """
    Hand a draft, as it was read at ``edition``, to the PMO head.

    Raises
    ------
    DomainError
        If it has no heading, or nothing differs from the version it is based on.
    StaleObject
        If somebody changed the draft since ``edition``.
    """
    locked = _lock_draft(actor, template)
    _require_edition(locked, edition)
    require_sound(locked.content)
    if locked.based_on is not None and locked.based_on.document == locked.document:
        raise DomainError(
            _("Nothing differs from the version it is based on, so there is nothing to submit.")
        )
    _move(actor, locked, State.IN_REVIEW, actions.DOCUMENT_TEMPLATE_SUBMITTED, submitted_by=actor)
    tell_of_waiting(template=locked, besides=actor)
    return locked


@transaction.atomic
def return_draft(*, actor: User, template: DocumentTemplate, reason: str) -> DocumentTemplate:
    """Give a version back to its authors, with the reason."""
    require_right(actor, EDIT)
    locked = _locked(template, State.IN_REVIEW)
    if not reason.strip():
        raise DomainError(_("Say what should be changed."), field="reason")
    author, action = locked.submitted_by, actions.DOCUMENT_TEMPLATE_RETURNED
    _move(actor, locked, State.DRAFT, action, reason=reason.strip(), submitted_by=None)
    settle_waiting(locked)
    tell_of_decision(template=locked, author=author, actor=actor, reason=reason.strip())
    return locked


@transaction.atomic
def publish_draft(*, actor: User, template: DocumentTemplate, edition: int, today: date) -> DocumentTemplate:
    """
    Bring a submitted version, as read at ``edition``, into force; documents that were made keep theirs.

    Raises
    ------
    NotAllowed
        If the person submitted it: nobody approves the own request (ORG-8).
    StaleObject
        If it was given back, changed and submitted again since ``edition``: nobody approves unread words.
    Conflict
        If a newer version is in force by now.
    """
    require_right(actor, APPROVE)
    locked = _locked(template, State.IN_REVIEW)
    if locked.submitted_by_id == actor.pk:
        raise NotAllowed(
            _("You submitted this version, so somebody else has to publish it."), code="OWN_REQUEST"
        )
    if locked.edition != edition:
        raise StaleObject(_("This version was changed since you opened it. Read it again, then publish it."))
    others = DocumentTemplate.objects.select_for_update(of=("self",)).filter(
        code=locked.code, is_current=True
    )
    former = others.first()
    if former is not None and former.rank > locked.rank:
        raise Conflict(
            _("The newer version %(version)s is in force already.") % {"version": former.version},
            code="NEWER_IN_FORCE",
        )
    others.update(is_current=False)
    about: dict[str, Any] = {"is_current": True, "loaded_on": today, "published_by": actor}
    _move(actor, locked, State.PUBLISHED, actions.DOCUMENT_TEMPLATE_PUBLISHED, **about)
    settle_waiting(locked)
    tell_of_decision(template=locked, author=locked.submitted_by, actor=actor)
    return locked


@transaction.atomic
def discard_draft(*, actor: User, template: DocumentTemplate) -> None:
    """Delete a draft nobody has submitted; the trail keeps that it was there."""
    require_right(actor, EDIT)
    locked = _locked(template, State.DRAFT)
    _record(actor, actions.DOCUMENT_TEMPLATE_DISCARDED, locked)
    locked.delete()


def _section(rows: Sequence[SectionRule], code: str) -> SectionRule:
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise StaleObject(_("This row is not in the draft any more."))
    return found


def _with(template: DocumentTemplate, rows: Sequence[SectionRule]) -> DocumentContent:
    return replace(template.content, sections=tuple(rows))


def _locked(template: DocumentTemplate, state: str) -> DocumentTemplate:
    """Return the row, locked, if it is in the state; a published version is never changed (CON-9)."""
    rows = DocumentTemplate.objects.select_for_update(of=("self",)).select_related("based_on")
    locked = rows.filter(pk=template.pk).first()
    if locked is None:
        raise StaleObject(_("Somebody discarded this draft meanwhile."))
    if locked.state != state:
        raise Conflict(
            _("Version %(version)s is now in the state “%(state)s”, which does not allow this.")
            % {"version": locked.version, "state": locked.get_state_display()},
            code="WRONG_STATE",
        )
    return locked


def _lock_draft(actor: User, template: DocumentTemplate) -> DocumentTemplate:
    require_right(actor, EDIT)
    return _locked(template, State.DRAFT)


def _require_edition(locked: DocumentTemplate, edition: int) -> None:
    if locked.edition != edition:
        raise StaleObject(_("Somebody else changed this draft meanwhile. Look at it again, then save."))


def _renumber(locked: DocumentTemplate, number: str) -> None:
    """Give a draft another number; the address of its page changes with it."""
    others = DocumentTemplate.objects.select_for_update(of=("self",)).filter(code=locked.code)
    newest = others.exclude(pk=locked.pk).order_by("-rank").values_list("version", flat=True).first()
    require_number(number, newest=newest or "0.0.0", field="number")
    locked.version, locked.rank = number, rank_of(number)


def _head_values(content: DocumentContent, change_note: str) -> dict[str, Any]:
    texts = {name: to_plain(getattr(content, name)) for name in ("title", "summary")}
    return {**texts, "change_note": change_note}


def _save(
    actor: User,
    template: DocumentTemplate,
    content: DocumentContent,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> DocumentTemplate:
    template.document = content.to_dict()
    template.__dict__.pop("content", None)
    template.edition += 1
    template.save(update_fields=["document", "change_note", "edition", "version", "rank"])
    _record(actor, actions.DOCUMENT_TEMPLATE_EDITED, template, before=before, after=after)
    return template


def _move(
    actor: User, template: DocumentTemplate, state: str, action: str, *, reason: str = "", **columns: Any
) -> DocumentTemplate:
    before, template.state = template.state, state
    for name, value in columns.items():
        setattr(template, name, value)
    template.save(update_fields=["state", *columns])
    _record(actor, action, template, before={"state": before}, after={"state": state}, reason=reason)
    return template


def _record(actor: User, action: str, template: DocumentTemplate, **values: Any) -> None:
    audit.record(actor=actor, action=action, target=template, node=organization_node(), **values)
