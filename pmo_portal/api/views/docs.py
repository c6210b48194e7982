"""The schema of the API, and the page that shows it and lets people try it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request

from pmo_portal.api.schema import rendered_schema


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
docs = login_required(
    SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api/docs.html")
)
