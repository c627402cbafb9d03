"""Every route: health for machines, the API for programs, the portal for customers, the desk for staff."""

from django.urls import include, path

from huiyin.api import metrics
from huiyin.api.routes import api
from huiyin.api.views import docs
from huiyin.base import health

urlpatterns = [
    path("healthz", health.up),
    path("readyz", health.ready),
    path("metrics", metrics.show),
    path("api/docs", docs.page, name="api-docs"),
    path("api/v1/", api.urls),
    path("", include("huiyin.portal.urls")),
    path("", include("huiyin.desk.urls")),
]
handler400 = "huiyin.portal.views.errors.bad_request"
handler403 = "huiyin.portal.views.errors.forbidden"
handler404 = "huiyin.portal.views.errors.missing"
handler500 = "huiyin.portal.views.errors.failed"
