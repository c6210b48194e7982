"""Bring the starter courses in, and up to date where nobody changed them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from pmo_portal.accounts.models import User
from portfolio.choices import KnowledgeKind
from portfolio.interchange.course_file import CourseFile, read_course, shipped_courses
from portfolio.models import Course, KnowledgeItem, KnowledgeVersion
from portfolio.models.knowledge import LIVE, OPEN
from portfolio.rollup.methodology import Words
from portfolio.services.courses import Rules, create_course, edit_course
from portfolio.services.library import Content, publish
from portfolio.services.library_content import LoadedItems, labels_of


@transaction.atomic
def load_courses(
    *, today: date, owner: User | None = None, paths: Sequence[Path] | None = None
) -> LoadedItems:
    """
    Publish the courses of files that are missing, and new versions of those that only this command wrote.

    What somebody edited, archived or drafted is left alone, and so are its rules. Safe to run again.

    Raises
    ------
    CourseFileFault
        If a file cannot be loaded; then nothing is.
    """
    files = [read_course(path) for path in (shipped_courses() if paths is None else paths)]
    counts = {"added": 0, "renewed": 0, "kept": 0}
    for file in files:
        for language in file.texts:
            counts[_load(file, language, today, owner)] += 1
    return LoadedItems(**counts)


@transaction.atomic
def keep_courses(*, today: date) -> int:
    """Bring the starter courses into an installation without any course; return how many."""
    return 0 if Course.objects.exists() else load_courses(today=today).added


def _load(file: CourseFile, language: str, today: date, owner: User | None) -> str:
    """Return what became of a course in a language."""
    item = KnowledgeItem.objects.filter(code=file.code, language=language).first()
    about: dict[str, Any] = {
        "content": _content(file, language),
        "text": file.texts[language],
        "today": today,
    }
    if item is None:
        create_course(actor=None, code=file.code, language=language, owner=owner, rules=_rules(file), **about)
        publish(actor=None, item=KnowledgeItem.objects.get(code=file.code, language=language), today=today)
        return "added"
    if not _is_ours_and_older(item, file, language):
        return "kept"
    edit_course(actor=None, item=item, rules=_rules(file), **about)
    publish(actor=None, item=item, today=today)
    return "renewed"


def _rules(file: CourseFile) -> Rules:
    return Rules(
        pass_mark=file.pass_mark,
        max_attempts=file.max_attempts,
        asked=file.asked,
        validity_months=file.validity_months,
        required_for=file.required_for,
    )


def _content(file: CourseFile, language: str) -> Content:
    def said(words: Words) -> str:
        return words.de if language == "de" else words.en

    return Content(
        title=said(file.title),
        summary=said(file.summary),
        tags=tuple(part.strip() for part in said(file.tags).split(",") if part.strip()),
        roles=tuple(dict.fromkeys((*file.required_for, *file.audience))),
    )


def _is_ours_and_older(item: KnowledgeItem, file: CourseFile, language: str) -> bool:
    """Whether only this command wrote the course, it is published, and its text or labels differ."""
    versions = KnowledgeVersion.objects.filter(item=item)
    if item.kind != KnowledgeKind.COURSE or versions.filter(state__in=OPEN).exists():
        return False
    if versions.exclude(author__isnull=True).exists():
        return False
    live = versions.filter(state__in=LIVE).select_related("course_text").first()
    wanted = _content(file, language)
    if live is None:
        return False
    now = (live.title, live.summary, live.course_text.text, labels_of(live))
    return now != (wanted.title, wanted.summary, file.texts[language], set(wanted.labels))
