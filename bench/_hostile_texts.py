"""Writes texts into every column of the portal that holds prose, past services and forms."""

import json
import re
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

OURS = ("projects", "portfolio", "accounts", "api", "notifications", "documents", "jobs", "common")
# No prose: what addresses, files, rules and programs name things by.
NAMING = re.compile(
    r"code|key|hash|checksum|version|url|path|kind|type|state|language|stored|file|currency|color|icon|email|"
    r"password|token|username|number|reference|zone|locale|format"
)
SHORTEST_PROSE = 30


def plant(payloads: Sequence[str], shift: int) -> str:
    """
    Put a text into each column of each row; another one in the next row, and in the next ``shift``.

    Returns
    -------
    str
        JSON: how many columns hold texts now, and which took none (the database refuses them).
    """
    planted, refused = 0, []
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        for number, column in enumerate(_prose(model)):
            try:
                with transaction.atomic():
                    planted += _fill(model, column, payloads, number + shift)
            except DatabaseError:
                refused.append(f"{model.__name__}.{column.name}")
    return json.dumps({"columns": planted, "refused": refused})


def _prose(model: type[models.Model]) -> list[Any]:
    return [
        column
        for column in model._meta.concrete_fields
        if type(column) in {models.CharField, models.TextField}
        and not column.choices
        and not column.primary_key
        and not NAMING.search(column.name)
        and (column.max_length or SHORTEST_PROSE) >= SHORTEST_PROSE
    ]


def _fill(model: type[models.Model], column: Any, payloads: Sequence[str], shift: int) -> bool:
    """Write one column; rows of a unique column begin with their number."""
    rows = list(model._base_manager.only("pk"))
    for place, row in enumerate(rows):
        text = payloads[(place + shift) % len(payloads)]
        text = f"{row.pk} {text}" if column.unique else f"{text} {row.pk}"
        setattr(row, column.attname, text[: column.max_length])
    model._base_manager.bulk_update(rows, [column.attname], batch_size=200)
    return bool(rows)
