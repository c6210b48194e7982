"""Steps of a plan: do many changes in one go, try them, take them back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.common.errors import DomainError
from projects.access import plan_rights
from projects.api.base import OfProject
from projects.forms.plan_words import PlanWords
from projects.models import PlanChange
from projects.selectors.plan_answers import step_answer, step_rows
from projects.services.plan_changes import acts, steps, undoing

MOST_CHANGES = 5_000
MOST_ROWS = 5_000
HIGHEST = 2**31


class KeyInput(serializers.Serializer[Any]):
    """The key of a step: sent again, it is not done again."""

    key = serializers.RegexField(r"^[\x21-\x7e]{1,80}$")


class StepInput(KeyInput):
    """A step: changes that are done all or not at all."""

    trial = serializers.BooleanField(required=False, default=False)
    revision = serializers.CharField(required=False, allow_blank=True, max_length=80)
    changes = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=MOST_CHANGES, allow_empty=False
    )


class PlanChangeViewSet(OfProject):
    """Steps of the plan of a project."""

    read_permissions = ("task.view",)
    write_permission = "task.progress"
    input_class = StepInput
    most_items = MOST_CHANGES
    queryset = PlanChange.objects.none()
    filter_backends = ()

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def list(self, request: Request, code: str) -> Response:
        """Return the steps that are kept, newest first: number, moment, person, what was done."""
        return Response({"steps": step_rows(self.project)})

    @extend_schema(request=StepInput, responses={200: OpenApiTypes.OBJECT})
    def create(self, request: Request, code: str) -> Response:
        """Do a step, or try it; the answer has every row and link that is another now."""
        given = self.given(request)
        changes = read_changes(PlanWords(self.project), given["changes"])
        wanted = {
            "actor": request.user,
            "project": self.project,
            "rights": plan_rights(request.user, self.project),
            "changes": changes,
        }
        if given["trial"]:
            return self._answer(steps.try_step(**wanted))
        return self._answer(steps.do_step(key=given["key"], **wanted))

    @extend_schema(request=KeyInput, responses={200: OpenApiTypes.OBJECT})
    def undo(self, request: Request, code: str, number: int) -> Response:
        """Take a step back; taking back that one does it again."""
        given = self.given(request, kind=KeyInput)
        step = undoing.undo_step(
            actor=request.user,
            project=self.project,
            rights=plan_rights(request.user, self.project),
            number=number,
            key=given["key"],
        )
        return self._answer(step)

    def _answer(self, step: steps.Step) -> Response:
        return Response(step_answer(step, sees_money="budget.view" in self.rights))

    def handle_exception(self, exc: Exception) -> Response:
        """Add what is wrong with which change to the one shape of all errors."""
        response = super().handle_exception(exc)
        if isinstance(response.data, dict):
            response.data |= refusal_details(exc)
        return response


def refusal_details(fault: Exception) -> dict[str, Any]:
    """Return what a refused step says beside the error itself; nothing for other errors."""
    if isinstance(fault, acts.PlanFaults):
        return {
            "faults": [
                {
                    "index": each.index,
                    "uid": each.uid,
                    "field": each.field,
                    "code": each.code,
                    "message": each.message,
                    "proposed": dict(each.proposed or {}),
                }
                for each in fault.faults
            ]
        }
    if isinstance(fault, acts.FieldsClash):
        names = ("index", "uid", "field", "was", "mine", "theirs", "by", "at")
        return {"conflicts": [{name: getattr(each, name) for name in names} for each in fault.clashes]}
    return {"gone": list(fault.uids)} if isinstance(fault, acts.RowsGone) else {}


def read_changes(words: PlanWords, given: Sequence[Mapping[str, Any]]) -> list[acts.Act]:
    """
    Return the changes of a request as acts.

    Raises
    ------
    PlanFaults
        What cannot be read, change by change.
    """
    faults: list[acts.Fault] = []
    found: list[acts.Act] = []
    for index, change in enumerate(given):
        reader = _Reader(words, index, change, faults)
        act = reader.act()
        if act is not None:
            found.append(act)
    if faults:
        raise acts.PlanFaults(faults)
    return found


class _Reader:
    """Reads one change; what is wrong with it goes to ``faults``."""

    def __init__(
        self, words: PlanWords, index: int, change: Mapping[str, Any], faults: list[acts.Fault]
    ) -> None:
        """Take the change at its place."""
        self.words, self.index, self.change, self.faults = words, index, change, faults
        self.known = {"act"}

    def act(self) -> acts.Act | None:
        """Return the act, None if something is wrong with it."""
        before = len(self.faults)
        made = _READERS.get(str(self.change.get("act")), _Reader._unknown)(self)
        strange = sorted(set(map(str, self.change)) - self.known)
        if strange and len(self.faults) == before:
            self._wrong(_("There is no such value here."), "NO_FIELD", strange[0])
        return made if len(self.faults) == before else None

    def _wrong(self, message: str, code: str, field: str | None) -> None:
        uid = self.change.get("uid")
        number = uid if isinstance(uid, int) and not isinstance(uid, bool) else None
        self.faults.append(acts.Fault(self.index, str(message), code, number, field))

    def _given(self, name: str) -> Any:
        self.known.add(name)
        return self.change.get(name)

    def _unknown(self) -> None:
        self._wrong(_("There is no such change."), "NO_ACT", "act")

    def _ref(self, name: str, *, needed: bool = False) -> Any:
        value = self._given(name)
        if value is None and not needed:
            return None
        if not is_reference(value):
            self._wrong(_("Name a row by its number."), "NO_ROW", name)
            return 0
        return value

    def _refs(self) -> list[Any]:
        value = self._given("uids")
        if not isinstance(value, list) or not value or len(value) > MOST_ROWS:
            self._wrong(_("Name rows by their numbers."), "NO_ROW", "uids")
            return []
        if not all(is_reference(each) for each in value):
            self._wrong(_("Name a row by its number."), "NO_ROW", "uids")
        return value

    def _pk(self) -> int:
        value = self._given("pk")
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
            self._wrong(_("Name a link by its key."), "NO_LINK", "pk")
            return 0
        return value

    def _fields(self, name: str, *, needed: bool = True) -> dict[str, Any]:
        value = self._given(name)
        if value is None and not needed:
            return {}
        if not isinstance(value, Mapping):
            self._wrong(_("Give fields with their values."), "NO_FIELD", name)
            return {}
        found = {}
        for field, text in value.items():
            try:
                found[str(field)] = self.words.read(str(field), text)
            except DomainError as fault:
                self._wrong(str(fault), fault.code, str(field))
        return found

    def _read(self, field: str, reader: Callable[[Any], Any], value: Any) -> Any:
        try:
            return reader(value)
        except DomainError as fault:
            self._wrong(str(fault), fault.code, field)
            return None

    def set_fields(self) -> acts.Act:
        return acts.SetFields(
            self._ref("uid", needed=True), self._fields("fields"), self._fields("was", needed=False)
        )

    def add_row(self) -> acts.Act:
        key = self._given("key")
        if not isinstance(key, str) or not 0 < len(key) <= 80:
            self._wrong(_("Give the new row a key."), "NO_KEY", "key")
            key = ""
        places = {name: self._ref(name) for name in ("after", "before", "parent")}
        number = self._given("number")
        if number is not None and not (type(number) is int and 0 < number < HIGHEST):
            self._wrong(_("Name a row by its number."), "NO_ROW", "number")
        return acts.AddRow(key, self._fields("fields", needed=False), number=number, **places)

    def delete_rows(self) -> acts.Act:
        return acts.DeleteRows(self._refs())

    def indent_rows(self) -> acts.Act:
        return acts.IndentRows(self._refs())

    def outdent_rows(self) -> acts.Act:
        return acts.OutdentRows(self._refs())

    def move_rows(self) -> acts.Act:
        return acts.MoveRows(self._refs(), self._ref("parent"), self._ref("after"))

    def copy_rows(self) -> acts.Act:
        return acts.CopyRows(self._refs(), self._ref("parent"), self._ref("after"))

    def add_link(self) -> acts.Act:
        kind = self._read("type", self.words.link_type, self._given("type") or "FS")
        lag = self._read("lag", self.words.lag, self._given("lag"))
        return acts.AddLink(self._ref("from", needed=True), self._ref("to", needed=True), kind, lag)

    def edit_link(self) -> acts.Act:
        was = self._given("was") or {}
        if not isinstance(was, Mapping):
            self._wrong(_("Give fields with their values."), "NO_FIELD", "was")
            was = {}
        seen = {name: self._link_value(name, was[name]) for name in ("type", "lag") if name in was}
        given = {name: self._given(name) for name in ("type", "lag")}
        wanted = {name: self._link_value(name, value) for name, value in given.items() if name in self.change}
        return acts.EditLink(self._pk(), wanted.get("type"), wanted.get("lag"), seen)

    def _link_value(self, name: str, value: Any) -> Any:
        return self._read(name, self.words.link_type if name == "type" else self.words.lag, value)

    def remove_link(self) -> acts.Act:
        return acts.RemoveLink(self._pk())


def is_reference(value: Any) -> bool:
    """Whether a value names a row: its number, or the key of a new one."""
    if isinstance(value, str):
        return 0 < len(value) <= 80
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < HIGHEST


_READERS: Mapping[str, Callable[[_Reader], acts.Act | None]] = {
    "set": _Reader.set_fields,
    "add": _Reader.add_row,
    "delete": _Reader.delete_rows,
    "indent": _Reader.indent_rows,
    "outdent": _Reader.outdent_rows,
    "move": _Reader.move_rows,
    "copy": _Reader.copy_rows,
    "link": _Reader.add_link,
    "relink": _Reader.edit_link,
    "unlink": _Reader.remove_link,
}
