"""Money of a project: totals for some, lines for those who manage it."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo_portal.api.idempotency import idempotent
from projects.api.base import OfProject
from projects.api.money_serializers import (
    ActualCostInput,
    ActualCostOutput,
    BudgetLineInput,
    BudgetLineOutput,
    CloseInput,
    CommitmentInput,
    CommitmentOutput,
    ForecastInput,
    ReversalInput,
    TotalsOutput,
)
from projects.models import ActualCost, BudgetLine, Commitment
from projects.selectors.money import money_totals
from projects.services import budgets, commitments, costs


class OfLedger(OfProject):
    """Rows of the ledger: read with ``budget.view``, written with ``budget.edit``."""

    read_permissions = ("budget.view",)
    write_permission = "budget.edit"
    filter_backends = ()


class MoneyViewSet(OfLedger):
    """Totals, and the estimate to complete."""

    serializer_class = TotalsOutput
    input_class = ForecastInput
    read_permissions = ("budget.view", "budget.view_totals")

    @extend_schema(responses=TotalsOutput)
    def retrieve(self, request: Request, code: str) -> Response:
        """Return the totals."""
        return self.shown(money_totals(self.project))

    @extend_schema(request=ForecastInput, responses=TotalsOutput)
    @action(detail=True, methods=["post"])
    def forecast(self, request: Request, code: str) -> Response:
        """Set the estimate to complete."""
        costs.set_forecast(actor=request.user, project=self.project, **self.given(request))
        return self.shown(money_totals(self.project))


class BudgetLineViewSet(OfLedger):
    """Budget lines."""

    serializer_class = BudgetLineOutput
    input_class = BudgetLineInput
    queryset = BudgetLine.objects.none()

    @extend_schema(responses=BudgetLineOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the budget lines."""
        return self.listed(
            BudgetLine.objects.filter(project=self.project).select_related("task").order_by("pk")
        )

    @extend_schema(responses=BudgetLineOutput)
    def retrieve(self, request: Request, code: str, pk: int) -> Response:
        """Return a budget line."""
        return self.shown(self._line(pk))

    @extend_schema(request=BudgetLineInput, responses={201: BudgetLineOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Add a budget line."""
        line = budgets.add_budget_line(actor=request.user, project=self.project, **self.given(request))
        return self.shown(line, status=201)

    @extend_schema(request=BudgetLineInput, responses=BudgetLineOutput)
    def partial_update(self, request: Request, code: str, pk: int) -> Response:
        """Change a budget line."""
        line = self._line(pk)
        version = self.expected_version(line)
        changes = self.given(request, partial=True)
        budgets.edit_budget_line(actor=request.user, line=line, changes=changes, expected_version=version)
        return self.shown(self._line(pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, code: str, pk: int) -> Response:
        """Remove a budget line nothing was recorded on."""
        line = self._line(pk)
        version = self.expected_version(line)
        budgets.remove_budget_line(actor=request.user, line=line, expected_version=version)
        return Response(status=204)

    def _line(self, pk: int) -> BudgetLine:
        rows = BudgetLine.objects.select_related("project", "task")
        return get_object_or_404(rows, project=self.project, pk=pk)


class CommitmentViewSet(OfLedger):
    """Commitments."""

    serializer_class = CommitmentOutput
    input_class = CommitmentInput
    queryset = Commitment.objects.none()

    @extend_schema(responses=CommitmentOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the commitments."""
        return self.listed(Commitment.objects.filter(project=self.project).order_by("-date", "-pk"))

    @extend_schema(responses=CommitmentOutput)
    def retrieve(self, request: Request, code: str, pk: int) -> Response:
        """Return a commitment."""
        return self.shown(self._row(pk))

    @extend_schema(request=CommitmentInput, responses={201: CommitmentOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Add a commitment."""
        row = commitments.add_commitment(actor=request.user, project=self.project, **self.given(request))
        return self.shown(row, status=201)

    @extend_schema(request=CommitmentInput, responses=CommitmentOutput)
    def partial_update(self, request: Request, code: str, pk: int) -> Response:
        """Change an open commitment."""
        row = self._row(pk)
        version = self.expected_version(row)
        changes = self.given(request, partial=True)
        reason = changes.pop("reason", "")
        commitments.edit_commitment(
            actor=request.user, commitment=row, changes=changes, expected_version=version, reason=reason
        )
        return self.shown(self._row(pk))

    @extend_schema(request=CloseInput, responses=CommitmentOutput)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, code: str, pk: int) -> Response:
        """Close or cancel a commitment."""
        row = self._row(pk)
        version = self.expected_version(row)
        given = self.given(request, kind=CloseInput)
        commitments.close_commitment(actor=request.user, commitment=row, expected_version=version, **given)
        return self.shown(self._row(pk))

    def _row(self, pk: int) -> Commitment:
        rows = Commitment.objects.select_related("project", "line")
        return get_object_or_404(rows, project=self.project, pk=pk)


class ActualCostViewSet(OfLedger):
    """Postings: added and reversed, never changed."""

    serializer_class = ActualCostOutput
    input_class = ActualCostInput
    queryset = ActualCost.objects.none()

    @extend_schema(responses=ActualCostOutput(many=True))
    def list(self, request: Request, code: str) -> Response:
        """Return the postings, newest first."""
        rows = ActualCost.objects.filter(project=self.project).select_related("task")
        return self.listed(rows.order_by("-posting_date", "-pk"))

    @extend_schema(request=ActualCostInput, responses={201: ActualCostOutput})
    @idempotent
    def create(self, request: Request, code: str) -> Response:
        """Post a cost."""
        cost = costs.post_actual_cost(actor=request.user, project=self.project, **self.given(request))
        return self.shown(cost, status=201)

    @extend_schema(request=ReversalInput, responses={201: ActualCostOutput})
    @action(detail=True, methods=["post"])
    @idempotent
    def reverse(self, request: Request, code: str, pk: int) -> Response:
        """Take a posting back by another one."""
        rows = ActualCost.objects.select_related("project")
        cost = get_object_or_404(rows, project=self.project, pk=pk)
        given = self.given(request, kind=ReversalInput)
        return self.shown(costs.reverse_actual_cost(actor=request.user, cost=cost, **given), status=201)
