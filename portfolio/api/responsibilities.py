"""The responsibility matrix of a project over the API (ORG-6)."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.api.idempotency import idempotent
from portfolio.access import responsibility_for
from portfolio.choices import RaciItem, RaciShare
from portfolio.models import ResponsibilityRow
from portfolio.rollup.methodology import Share
from portfolio.selectors.governance import Governance
from portfolio.selectors.responsibilities import load_matrix
from portfolio.services import responsibilities as services
from portfolio.services.governance import bound
from portfolio.services.responsibilities import PartyKey
from projects.api.base import OfProject, TaskField


class PartyOut(serializers.Serializer[Any]):
    """A column: a role of the methodology, or somebody by name; ``gone`` says why nobody acts in it."""

    role = serializers.CharField()
    person = serializers.IntegerField(source="person_id", allow_null=True)
    title = serializers.CharField()
    names = serializers.ListField(child=serializers.CharField())
    gone = serializers.CharField()


class PartyShareOut(serializers.Serializer[Any]):
    """The letter of a party."""

    role = serializers.CharField(source="party.role")
    person = serializers.IntegerField(source="party.person_id", allow_null=True)
    share = serializers.ChoiceField(choices=RaciShare.choices)


class ResponsibilityRowOut(serializers.Serializer[Any]):
    """An item with the letters of its parties; ``faults`` such as ``RACI_NO_A``."""

    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(choices=RaciItem.choices)
    code = serializers.CharField()
    title = serializers.CharField()
    task = serializers.IntegerField(allow_null=True)
    shares = PartyShareOut(source="given", many=True)
    faults = serializers.ListField(child=serializers.CharField())
    is_asked = serializers.BooleanField()
    is_left_out = serializers.BooleanField()
    version = serializers.IntegerField()


class MatrixOut(serializers.Serializer[Any]):
    """The whole matrix; ``completeness`` is null while no row counts."""

    completeness = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    letters = serializers.SerializerMethodField()
    parties = PartyOut(many=True)
    rows = ResponsibilityRowOut(many=True)
    left_out = ResponsibilityRowOut(many=True)

    def get_letters(self, matrix: Any) -> list[str]:
        """Return the letters this methodology knows."""
        return [letter for letter, _label in matrix.letters]


class PartyShareIn(serializers.Serializer[Any]):
    """A role or a person, and the letter."""

    role = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    person = serializers.IntegerField(required=False, default=None, allow_null=True, min_value=1)
    share = serializers.ChoiceField(choices=RaciShare.choices)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        if bool(data["role"]) == (data["person"] is not None):
            raise serializers.ValidationError(_("Name a role or a person, one of the two."))
        return data


class SharesIn(serializers.Serializer[Any]):
    """All letters of a row; parties that are not named lose theirs."""

    shares = PartyShareIn(many=True, max_length=200)

    def validate_shares(self, rows: list[dict[str, Any]]) -> dict[PartyKey, Share]:
        """Return the letters by party; refuse a party that stands there twice."""
        found = {PartyKey(row["role"], row["person"]): Share(row["share"]) for row in rows}
        if len(found) != len(rows):
            raise serializers.ValidationError(_("Name each role or person once."))
        return found


class RowIn(serializers.Serializer[Any]):
    """Work of the plan by its number, or a row in one's own words."""

    task = TaskField(required=False, default=None, allow_null=True)
    title = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class ResponsibilityViewSet(OfProject):
    """Who does what in a project."""

    serializer_class = MatrixOut
    write_permission = "governance.edit"

    def _known(self) -> Governance:
        return bound(self.project, self.today)

    def _matrix(self) -> Response:
        return Response(MatrixOut(load_matrix(self.project, self._known(), self.today)).data)

    def _one(self, row: ResponsibilityRow, *, code: int = status.HTTP_200_OK) -> Response:
        matrix = load_matrix(self.project, self._known(), self.today)
        found = next(each for each in (*matrix.rows, *matrix.left_out) if each.pk == row.pk)
        return Response(ResponsibilityRowOut(found).data, status=code)

    @extend_schema(responses=MatrixOut, operation_id="projects_responsibilities_matrix")
    def matrix(self, request: Request, code: str) -> Response:
        """Return the matrix; 409 while the project follows no methodology."""
        return self._matrix()

    @extend_schema(request=None, responses=MatrixOut)
    def fill(self, request: Request, code: str) -> Response:
        """Take over what the methodology proposes for items that are not there yet."""
        services.fill_matrix(actor=request.user, project=self.project, today=self.today)
        return self._matrix()

    @extend_schema(request=RowIn, responses={201: ResponsibilityRowOut})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Add work of the plan, or a row in one's own words."""
        given = self.given(request, kind=RowIn)
        made = services.add_row(actor=request.user, project=self.project, today=self.today, **given)
        return self._one(made, code=status.HTTP_201_CREATED)

    @extend_schema(responses=ResponsibilityRowOut)
    def retrieve(self, request: Request, code: str, pk: int) -> Response:
        """Return a row."""
        return self._one(responsibility_for(self.project, pk))

    @extend_schema(request=SharesIn, responses=ResponsibilityRowOut)
    def update(self, request: Request, code: str, pk: int) -> Response:
        """Set all letters of a row; ``If-Match`` says which version."""
        row = responsibility_for(self.project, pk)
        version = self.expected_version(row)
        given = self.given(request, kind=SharesIn)
        services.set_shares(actor=request.user, row=row, expected_version=version, today=self.today, **given)
        return self._one(row)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, code: str, pk: int) -> Response:
        """Remove a row of one's own, leave one of the methodology out; ``If-Match`` says which version."""
        row = responsibility_for(self.project, pk)
        version = self.expected_version(row)
        services.remove_row(actor=request.user, row=row, expected_version=version)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=ResponsibilityRowOut)
    def restore(self, request: Request, code: str, pk: int) -> Response:
        """Take a row that was left out into the matrix again; ``If-Match`` says which version."""
        row = responsibility_for(self.project, pk)
        version = self.expected_version(row)
        services.put_back(actor=request.user, row=row, expected_version=version)
        return self._one(row)
