"""Which parameters of its query an answer depends on: noted while it is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.http import QueryDict

# Looked at: the name asked for, or every name there is.
BY_NAME = ("__getitem__", "__contains__", "getlist")
WHOLE = ("dict", "items")
EVERY = "*"


@contextmanager
def noting() -> Iterator[set[str]]:
    """
    Yield the set of the names looked up in queries and forms meanwhile; ``EVERY`` stands for all.

    To copy a query into the links of a page is not to look at it.
    """
    seen: set[str] = set()

    def by_name(method: Callable[..., Any]) -> Callable[..., Any]:
        def noted(query: QueryDict, key: str, *rest: Any, **options: Any) -> Any:
            seen.add(key)
            return method(query, key, *rest, **options)

        return noted

    def whole(method: Callable[..., Any]) -> Callable[..., Any]:
        def noted(query: QueryDict) -> Any:
            seen.add(EVERY)
            return method(query)

        return noted

    with pytest.MonkeyPatch.context() as patch:
        for name in BY_NAME:
            patch.setattr(QueryDict, name, by_name(getattr(QueryDict, name)))
        for name in WHOLE:
            patch.setattr(QueryDict, name, whole(getattr(QueryDict, name)))
        yield seen
