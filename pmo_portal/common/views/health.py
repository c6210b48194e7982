"""Is everything there? For load balancers and scripts."""

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pmo_portal.common.models import WorkerPulse


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when web, database and a worker are there, else 503; the body says which."""
    database = worker = False
    try:
        worker = WorkerPulse.objects.alive().exists()
        database = True
    except Error:
        database = False
    is_healthy = database and worker
    body = {
        "status": "ok" if is_healthy else "unhealthy",
        "web": True,
        "database": database,
        "worker": worker,
    }
    return JsonResponse(body, status=200 if is_healthy else 503)
