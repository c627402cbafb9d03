"""Whether this process is up, whether it can work, and the figures of it."""

import json

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from huiyin.base import clock
from huiyin.base.models import Task


@require_GET
def up(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("up\n", content_type="text/plain")


@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, and its tables are there; 503 with the cause otherwise."""
    try:
        late = Task.objects.filter(state=Task.READY, run_at__lt=clock.now()).count()
    except Error as error:
        connection.close()
        body = {"ready": False, "cause": type(error).__name__, "remedy": "huiyin doctor"}
        return HttpResponse(json.dumps(body), status=503, content_type="application/json")
    return HttpResponse(json.dumps({"ready": True, "tasks_waiting": late}), content_type="application/json")
