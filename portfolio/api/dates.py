"""Dates and filters in the address."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from pmo_portal.common.schedule import database_now
from portfolio.api.serializers import AsOfQuery


def today() -> date:
    """Return the organization's date by the clock of the database."""
    return database_now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def query_of(request: Request, shape: type[Serializer[Any]]) -> dict[str, Any]:
    """Return the checked values of the address; 400 for one that does not fit."""
    query = shape(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


def day_of(request: Request) -> date:
    """Return ``as_of``, or today."""
    day: date = query_of(request, AsOfQuery).get("as_of") or today()
    return day
