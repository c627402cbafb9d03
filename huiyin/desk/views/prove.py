"""/prove: showing again that it is oneself, for pages that ask before they open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huiyin.desk import proving
from huiyin.desk.access import signed_in


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@signed_in()
def page(request: HttpRequest) -> HttpResponse:
    following = request.POST.get("next") or request.GET.get("next") or "/desk/me"
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}):
        following = "/desk/me"
    if request.method == "GET":
        return proving.ask(request, following=following)
    return proving.tried(request, following=following) or redirect(following)
