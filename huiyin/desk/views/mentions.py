"""/desk/mentions: where one was named, and whether one was let in. Never a word of what was written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huiyin.cases import mentions
from huiyin.cases.models import Case
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.views.around import STATES


@require_GET
@signed_in()
def page(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    found = mentions.of_person(viewer.staff_id)
    visible = Case.objects.visible_to(viewer).filter(pk__in=[one.case_id for one in found])
    seen = set(visible.values_list("pk", flat=True))
    rows = [{"it": one, "sees": one.case_id in seen, "state_words": _(STATES[one.state])} for one in found]
    return render(request, "desk/mentions.html", {"rows": rows})
