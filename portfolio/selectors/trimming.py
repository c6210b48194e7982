"""Stored explanations, cut to what the reader may see."""

from typing import Any

AMOUNTS = ("step_size", "steps")


def trimmed(data: Any, *, task_uids: frozenset[str], shows_amounts: bool) -> Any:
    """
    Return stored JSON without tasks the reader may not see and, if so asked, without amounts.

    Parameters
    ----------
    data : JSON
        Indicators or explanation as the roll-up stores them.
    task_uids : frozenset of str
        Numbers of the tasks the reader may see; records of other tasks are left out.
    shows_amounts : bool
        Without the right to see totals, distances in money are null.

    Examples
    --------
    >>> trimmed([{"kind": "task", "id": "7", "label": "Dig"}], task_uids=frozenset(), shows_amounts=True)
    []
    """
    if isinstance(data, list):
        kept = [item for item in data if not _is_hidden(item, task_uids)]
        return [trimmed(item, task_uids=task_uids, shows_amounts=shows_amounts) for item in kept]
    if not isinstance(data, dict):
        return data
    cut = {
        key: trimmed(value, task_uids=task_uids, shows_amounts=shows_amounts) for key, value in data.items()
    }
    if not shows_amounts and data.get("step_unit") == "MONEY":
        cut.update({key: None for key in AMOUNTS if key in cut})
    return cut


def _is_hidden(item: Any, task_uids: frozenset[str]) -> bool:
    is_task = isinstance(item, dict) and item.get("kind") == "task" and "label" in item
    return is_task and str(item.get("id")) not in task_uids
