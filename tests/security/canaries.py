"""Two projects whose every text is a canary: one in a foreign portfolio, one confidential at home."""

import re
from decimal import Decimal
from itertools import count
from typing import Any

from django.apps import apps
from django.db import models

from pmo_portal.accounts.choices import Role
from pmo_portal.accounts.models import Person, ScopeNode, User
from pmo_portal.audit import services as audit
from pmo_portal.common.models import Job
from portfolio.models import (
    GroupHealth,
    Portfolio,
    PortfolioComponent,
    ProjectAdoption,
    ProjectHealth,
    RollupRun,
    SavedView,
)
from projects.choices import TaskKind
from projects.models import Calendar, Project, Task
from tests import factories
from tests.portfolio.rollup.examples import p1
from tests.portfolio.worlds import AS_OF, keep_facts
from tests.security.governed import govern
from tests.security.mold import Mold

NUMBERS = count(10_000)
CANARY = re.compile(r"QZ[FS][0-9]{5}")
# Follows a canary in everything people write: out of an attribute, a script or a title it would be a tag.
MARK = "'\"></script></title><b qz>"
# No prose: what addresses, files and programs are named by.
NAMING = re.compile("code|key|hash|version|url|kind|type|state|language|stored|file|currency|color|icon")
SHORTEST_PROSE = 40
# An amount nobody else has; pages may group its digits.
AMOUNTS = {"F": Decimal("91738264.51"), "S": Decimal("81625374.62")}
GROUPING = re.compile(r"(?<=[0-9])[,.' \u00a0\u202f\u2019](?=[0-9])")
# Made by hand below, or no fact of a project.
NOT_MOLDED = {
    "project",
    "task",
    "projecthealth",
    "grouphealth",
    "job",
    "person",
    "period",
    "fxrate",
    "savedview",
    # Two projects, and only the note of one: its names are looked for in tests of the service.
    "projectdependency",
}


# What the PMO knows of a project in words.
WORDS = ("Lesson", "LessonOffer", "NoLessons", "ResponsibilityRow")


class Victim:
    """A project with a canary in each text column of each row that belongs to it."""

    def __init__(self, letter: str, node: ScopeNode) -> None:
        self.letter = letter
        self.owner = User.objects.create(email=f"owner-{letter.lower()}@example.org", name=self.text())
        self.sponsor = User.objects.create(email=f"sponsor-{letter.lower()}@example.org", name=self.text())
        self.person = Person.objects.create(name=self.text(), user=self.owner)
        calendar = Calendar.objects.filter(is_default=True).first() or Calendar.objects.create(name="Own")
        self.project = Project.objects.create(
            code=f"VICTIM-{letter}",
            name=self.text(),
            description=self.text(),
            category=self.text(),
            source_reference=self.text(),
            node=node,
            calendar=calendar,
            state="EXECUTING",
            extra={"note": self.text()},
        )
        ScopeNode.objects.filter(pk=node.pk).update(title=self.text())
        factories.grant(self.owner, Role.PROJECT_MANAGER, node)
        factories.grant(self.sponsor, Role.SPONSOR, node)
        known = {Project: self.project, User: self.owner, Person: self.person, ScopeNode: node}
        self.mold = Mold(known, text=self._written, is_generous=True)
        self.task = self._make(Task, kind=TaskKind.TASK, extra={"note": self.text()})
        self.mold.known[Task] = self.task
        self.rows: dict[str, models.Model] = {}
        self.governed: dict[str, int] = {}
        for model in apps.get_app_config("projects").get_models():
            if model._meta.model_name not in NOT_MOLDED and model is not Calendar:
                self.rows[model.__name__] = self._made_of(model)

    @property
    def names(self) -> set[str]:
        """The names of its people; who may see all people meets them in the search."""
        return {each.name.removesuffix(MARK) for each in (self.owner, self.sponsor, self.person)}

    def text(self) -> str:
        """Return a new canary with its mark."""
        return f"QZ{self.letter}{next(NUMBERS)}{MARK}"

    def _written(self, field: Any) -> str:
        is_prose = not NAMING.search(field.name) and (field.max_length or SHORTEST_PROSE) >= SHORTEST_PROSE
        is_plain = type(field) in {models.CharField, models.TextField}
        return self.text() if is_prose and is_plain else self.text().removesuffix(MARK)

    def _make(self, model: type[models.Model], **given: Any) -> Any:
        return self.mold.make(model, **given)

    def _made_of(self, model: type[models.Model]) -> models.Model:
        amounts = {
            field.name: AMOUNTS[self.letter]
            for field in model._meta.concrete_fields
            if isinstance(field, models.DecimalField) and field.max_digits == 18 and field.decimal_places == 2
        }
        if model.__name__ == "Link":
            amounts = {"successor": self._make(Task, kind=TaskKind.TASK)}
        if model.__name__ == "StatusReport":
            amounts["state"] = "PUBLISHED"
        if model.__name__ == "ScheduleAssessment":
            amounts["grade"] = ""  # a plan without a score, so that its reason is a canary
        row = self._make(model, **amounts)
        self.mold.known.setdefault(model, row)
        return row

    def judge(self, portfolio: Portfolio) -> None:
        """Give the project a component, governance, health, a job, a message, a view and audit entries."""
        PortfolioComponent.objects.create(project=self.project, portfolio=portfolio)
        self.governed = govern(self.project, self.owner, self.sponsor, text=self.text)
        for name in WORDS:
            self.rows[name] = self._made_of(apps.get_model("portfolio", name))
        keep_facts(self.project, p1())
        names = ("budget", "actual", "forecast", "weight", "ev", "pv")
        ProjectHealth.objects.filter(project=self.project).update(
            **dict.fromkeys(names, AMOUNTS[self.letter])
        )
        known = dict.fromkeys(("documents", "from_template"), int(AMOUNTS[self.letter]))
        ProjectAdoption.objects.update_or_create(project=self.project, as_of=AS_OF, defaults=known)
        Job.objects.create(
            name="projects.import_schedule", owner=self.owner, label=self.text(), error=self.text(),
            progress_text=self.text(), arguments={"note": self.text()}, state="FAILED",
        )  # fmt: skip
        message = apps.get_model("notifications", "Notification")
        self._make(message, user=self.owner)
        for action in ("project.changed", "task.created"):
            audit.record(
                actor=self.owner, action=action, target=self.project, node=self.project.node,
                before={"name": self.text()}, after={"name": self.text()}, reason=self.text(),
            )  # fmt: skip
        SavedView.objects.create(owner=self.owner, name=self.text(), query=f"q={self.text()}")


def whole_group(portfolio: Portfolio, letter: str) -> GroupHealth:
    """Return the sum of everything in a portfolio, confidential projects included."""
    money = dict.fromkeys(("budget", "actual", "forecast"), AMOUNTS[letter])
    run = RollupRun.objects.get(as_of=AS_OF)
    return GroupHealth.objects.create(
        scope="PORTFOLIO", node=portfolio.node, run=run, audience="FULL", as_of=run.as_of,
        policy_version="1", input_hash="x", color="RED", currency="EUR", projects_total=1,
        document={"worst": f"QZ{letter}{next(NUMBERS)}"}, **money,
    )  # fmt: skip


def leaks(text: str, letters: str) -> list[str]:
    """Return the canaries and amounts of the victims ``letters`` in a text."""
    found = [each for each in CANARY.findall(text) if each[2] in letters]
    digits = GROUPING.sub("", text)
    amounts = [AMOUNTS[letter] for letter in letters]
    return found + [f"amount {each}" for each in amounts if str(int(each)) in digits]
