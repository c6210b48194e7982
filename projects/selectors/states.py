"""Where a project can go from the state it is in (ORG-5)."""

from projects.choices import ProjectState
from projects.models import Project

S = ProjectState
FORWARD: dict[str, tuple[str, ...]] = {
    S.PROPOSED: (S.APPROVED,),
    S.APPROVED: (S.INITIATING,),
    S.INITIATING: (S.PLANNING,),
    S.PLANNING: (S.EXECUTING,),
    S.EXECUTING: (S.CLOSING,),
    S.CLOSING: (S.CLOSED,),
}
PAUSABLE = frozenset({S.APPROVED, S.INITIATING, S.PLANNING, S.EXECUTING, S.CLOSING})


def next_states(project: Project) -> tuple[str, ...]:
    """Return the states the project can go to from where it is (ORG-5). No query."""
    if project.state == S.ON_HOLD:
        return (project.state_before_hold, S.CANCELED)
    if project.state == S.CLOSED:
        return (S.CLOSING,)
    pause = (S.ON_HOLD, S.CANCELED) if project.state in PAUSABLE else ()
    return FORWARD.get(project.state, ()) + pause
