"""Who answers for the processes of the PMO (domain 1.3)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from pmo_portal.accounts.choices import Role
from portfolio.rollup.methodology import Share
from portfolio.rollup.responsibility import ACCOUNTABLE, GATE_CHAIR, PMO_PROCESSES, RESPONSIBLE
from portfolio.selectors.responsibilities import PROCESS_TITLES

TITLES: dict[str, Any] = {
    "METHODOLOGY": gettext_lazy("Methodology"),
    "INTAKE": gettext_lazy("Intake of projects"),
    "GATE_REVIEW": gettext_lazy("Gate review"),
    "HEALTH_POLICY": gettext_lazy("Health policy"),
    **PROCESS_TITLES,
}
PARTIES: dict[str, Any] = {**dict(Role.choices), GATE_CHAIR: gettext_lazy("Chair of the gate")}


@dataclass(frozen=True)
class DutyRow:
    """A process with the names of those who share in it."""

    code: str
    title: Any
    accountable: tuple[str, ...]
    responsible: tuple[str, ...]
    consulted: tuple[str, ...]
    informed: tuple[str, ...]


def office_duties() -> list[DutyRow]:
    """Return the processes of the PMO with those who share in each. No query."""
    return [
        _row(code, {party: Share(letter) for party, letter in given.items()})
        for code, given in PMO_PROCESSES.items()
    ]


def _row(code: str, shares: dict[str, Share]) -> DutyRow:
    def names(letters: frozenset[Share]) -> tuple[str, ...]:
        return tuple(str(PARTIES[party]) for party, share in shares.items() if share in letters)

    return DutyRow(
        code=code,
        title=TITLES[code],
        accountable=names(ACCOUNTABLE),
        responsible=names(RESPONSIBLE),
        consulted=names(frozenset({Share.CONSULTED})),
        informed=names(frozenset({Share.INFORMED})),
    )
