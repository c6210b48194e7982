"""Who can help with a topic: people of the PMO and people who wrote about it in the library."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from pmo_portal.accounts.choices import Discipline
from pmo_portal.accounts.models import Person
from portfolio.choices import KnowledgeLanguage
from portfolio.models import KnowledgeItem, PmoMember
from portfolio.rollup.words import asked_stems, stem, words_of
from portfolio.selectors.library import LibraryQuery, find_items

TOPIC, DISCIPLINE, WRITTEN = 3, 2, 1
MOST = 20
# Words of the question itself; what is asked about stands beside them.
FILLERS = frozenset(
    (
        *("who", "can", "could", "help", "helps", "with", "about"),
        *("wer", "kann", "kannst", "hilft", "helfen", "bei", "mit", "mir"),
    )
)


@dataclass(frozen=True)
class Expert:
    """Somebody who can help; ``topics``, ``disciplines`` and ``written`` say why."""

    person: Person
    points: int
    office: str
    office_id: int | None
    topics: tuple[str, ...]
    disciplines: tuple[str, ...]
    written: tuple[str, ...]


@dataclass
class _Reasons:
    person: Person
    office: str = ""
    office_id: int | None = None
    topics: tuple[str, ...] = ()
    disciplines: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        return TOPIC * len(self.topics) + DISCIPLINE * len(self.disciplines) + WRITTEN * len(self.written)


def find_experts(user: Any, question: str, today: date) -> list[Expert]:
    """
    Return who can help, best first: topics of members count 3, disciplines 2, items in the library 1.

    Without words, all active members. Only people who work here today; at most nine queries.
    """
    question = " ".join(word for word in words_of(question) if word not in FILLERS)
    stems = [set(each.values()) for each in asked_stems(question, KnowledgeLanguage.values)]
    found: dict[int, _Reasons] = {}
    _add_members(found, stems, today)
    if stems:
        _add_people(found, stems, today)
        _add_writers(found, user, question, today)
    kept = [each for each in found.values() if each.points or not stems]
    kept.sort(key=lambda each: (-each.points, each.person.name, each.person.pk))
    return [
        Expert(
            person=each.person,
            points=each.points,
            office=each.office,
            office_id=each.office_id,
            topics=each.topics,
            disciplines=each.disciplines,
            written=each.written,
        )
        for each in kept[:MOST]
    ]


def _fitting(texts: Iterable[str], stems: list[set[str]]) -> tuple[str, ...]:
    """Return the texts that hold a word of the question; all of them without a question."""
    return tuple(text for text in texts if not stems or _fits(text, stems))


def _fits(text: str, stems: list[set[str]]) -> bool:
    own = {stem(word, language) for word in words_of(text) for language in KnowledgeLanguage.values}
    return any(own & asked for asked in stems)


def _topics_of(member: PmoMember) -> list[str]:
    return [topic.strip() for topic in member.topics.split(",") if topic.strip()]


def _add_members(found: dict[int, _Reasons], stems: list[set[str]], today: date) -> None:
    rows = PmoMember.objects.active_on(today).select_related("person", "pmo").order_by("pmo__name", "pk")
    for row in rows:
        each = found.setdefault(row.person_id, _Reasons(row.person))
        each.office, each.office_id = each.office or row.pmo.name, each.office_id or row.pmo_id
        each.topics = tuple(dict.fromkeys((*each.topics, *_fitting(_topics_of(row), stems))))
        names = _fitting([str(Discipline(row.discipline).label)], stems)
        each.disciplines = tuple(dict.fromkeys((*each.disciplines, *names)))


def _add_people(found: dict[int, _Reasons], stems: list[set[str]], today: date) -> None:
    wanted = {code.value for code in Discipline if _fits(str(code.label), stems)}
    if not wanted:
        return
    people = _here(today).exclude(disciplines=[]).order_by("pk")
    for person in people:
        own = [str(Discipline(code).label) for code in person.disciplines if code in wanted]
        if own:
            each = found.setdefault(person.pk, _Reasons(person))
            each.disciplines = tuple(dict.fromkeys((*each.disciplines, *own)))


def _add_writers(found: dict[int, _Reasons], user: Any, question: str, today: date) -> None:
    """Add owners of items the asker may read."""
    rows = find_items(user, LibraryQuery(words=question), is_editor=False).rows
    titles = {row.item_pk: row.title for row in rows}
    written: dict[int, list[str]] = {}
    owned = KnowledgeItem.objects.filter(pk__in=titles).order_by("pk")
    for owner, item in owned.values_list("owner_id", "pk"):
        written.setdefault(owner, []).append(titles[item])
    for person in _here(today).filter(user__in=[owner for owner in written if owner]).order_by("pk"):
        each = found.setdefault(person.pk, _Reasons(person))
        each.written = tuple(dict.fromkeys(written[person.user_id or 0]))


def _here(today: date) -> Any:
    rows = Person.objects.filter(user__is_active=True)
    return rows.filter(
        Q(active_from__isnull=True) | Q(active_from__lte=today),
        Q(active_to__isnull=True) | Q(active_to__gte=today),
    )
