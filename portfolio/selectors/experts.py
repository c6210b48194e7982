"""Who can help with a topic: people of the PMO and people who wrote about it in the library."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from pmo_portal.accounts.choices import Discipline
from pmo_portal.accounts.models import Person
from portfolio.choices import KnowledgeLanguage
from portfolio.models import KnowledgeItem, PmoMember
from portfolio.rollup.words import asked_stems, stem, words_of
from portfolio.selectors.library import LibraryQuery, find_items

TOPIC, DISCIPLINE, WRITTEN = 3, 2, 1
# What somebody wrote never outweighs a topic they offer help with.
MOST_WRITTEN = 2
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
    """Somebody who can help; of ``topics`` and ``disciplines`` those that fit the question come first."""

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
    topics: dict[str, bool] = field(default_factory=dict)
    disciplines: dict[str, bool] = field(default_factory=dict)
    written: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """Return how well the person fits; the values of the dictionaries say what fits."""
        written = min(WRITTEN * len(self.written), MOST_WRITTEN)
        return TOPIC * sum(self.topics.values()) + DISCIPLINE * sum(self.disciplines.values()) + written


def find_experts(user: Any, question: str, today: date) -> list[Expert]:
    """
    Return who can help, best first: topics of members count 3, disciplines 2, items in the library 1
    and together no more than 2.

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
            topics=_fitting_first(each.topics),
            disciplines=_fitting_first(each.disciplines),
            written=each.written,
        )
        for each in kept[:MOST]
    ]


def _fitting_first(texts: dict[str, bool]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=lambda text: not texts[text]))


def _rated(texts: Iterable[str], stems: list[set[str]]) -> dict[str, bool]:
    """Return each text with whether it holds a word of the question."""
    return {text: _fits(text, stems) for text in texts}


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
        each.topics.update(_rated(_topics_of(row), stems))
        each.disciplines.update(_rated([str(Discipline(row.discipline).label)], stems))


def _add_people(found: dict[int, _Reasons], stems: list[set[str]], today: date) -> None:
    wanted = {code.value for code in Discipline if _fits(str(code.label), stems)}
    if not wanted:
        return
    people = _here(today).exclude(disciplines=[]).order_by("pk")
    for person in people:
        if wanted & set(person.disciplines):
            each = found.setdefault(person.pk, _Reasons(person))
            each.disciplines.update(
                {str(Discipline(code).label): code in wanted for code in person.disciplines}
            )


def _add_writers(found: dict[int, _Reasons], user: Any, question: str, today: date) -> None:
    """Add owners of items the asker may read; of an item in several languages, the asker's."""
    rows = find_items(user, LibraryQuery(words=question), is_editor=False).rows
    own = get_language()
    best = {row.code: row for row in sorted(rows, key=lambda row: row.language == own)}
    titles = {row.item_pk: row.title for row in best.values()}
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
