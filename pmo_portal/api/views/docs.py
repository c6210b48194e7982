"""The schema of the API, and the page that describes it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

from pmo_portal.api.schema import rendered_schema, schema_of
from pmo_portal.api.selectors.reference import groups_of, operations_of


class SchemaView(SpectacularAPIView):
    """The OpenAPI schema: the same for everybody, in the language of the reader or of ``lang``."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *_arguments: Any, **_options: Any) -> HttpResponse:
        """Return the schema as YAML or JSON."""
        languages = dict(settings.LANGUAGES)
        wanted = (request.GET.get("lang"), get_language())
        language = next((code for code in wanted if code in languages), settings.LANGUAGE_CODE)
        renderer = request.accepted_renderer
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        response = HttpResponse(
            rendered_schema(language, type(renderer)), content_type=f"{renderer.media_type}{charset}"
        )
        response["Content-Disposition"] = f'inline; filename="PMO Portal API.{renderer.format}"'
        return response


schema = SchemaView.as_view()


@login_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The endpoints in words: all groups, those of one, or those a search finds."""
    described = schema_of(get_language())
    groups = groups_of(described)
    words, asked = request.GET.get("q", "").strip()[:80], request.GET.get("group", "")
    group = next((each.code for each in groups if each.code == asked), "")
    host = request.build_absolute_uri("/").rstrip("/")
    found = operations_of(described, group=group, words=words, host=host) if group or words else ()
    context = {"groups": groups, "group": group, "words": words, "operations": found}
    return render(request, "api/docs.html", context | {"me_address": host + reverse("api-me")})
