"""The case that a call names, if the caller may see it."""

from django.http import Http404, HttpRequest

from huiyin.api.auth import viewer_of
from huiyin.cases import sameness
from huiyin.cases.models import Case


def case_of(request: HttpRequest, number: str) -> Case:
    """Return the case; Http404 when it is not there or not for this caller, the same answer for both."""
    viewer = viewer_of(request)
    case = Case.objects.visible_to(viewer).with_people().numbered(number)
    if case is None:
        raise Http404
    sameness.fill([case], viewer)
    return case
