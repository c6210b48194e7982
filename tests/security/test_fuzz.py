"""Short form of the long run of `bench.fuzz`: requests that fit, and spoiled ones, break nothing (SEC-18)."""

import math

import pytest
from django.conf import LazySettings

from bench.fuzz import LEAST_SHARE, run

pytestmark = pytest.mark.django_db
CASES = 290


def test_no_request_breaks_the_api_and_many_succeed(settings: LazySettings) -> None:
    """Each operation that writes at least once, with a body that fits or one that is spoiled."""
    figures = run(CASES, 18, until=math.inf)

    assert figures["broken"] == []
    assert figures["undescribed"] == {}
    assert figures["requests"] == CASES
    assert figures["write_operations"] < CASES * 3 / 4
    assert figures["share_2xx"] >= LEAST_SHARE
