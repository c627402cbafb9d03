"""/desk/search: finding cases by numbers and words, and customers by what they are known by."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from huiyin.base import clock, secrets
from huiyin.cases import bodies, search
from huiyin.cases.kinds import STATUSES
from huiyin.customers import find
from huiyin.customers.models import Customer
from huiyin.desk import person
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.timeline import SHOWN
from huiyin.staff.viewer import Viewer

TYPED_CHARS = 100
CUSTOMERS_SHOWN = 20


@require_http_methods(["GET", "POST"])
@signed_in("case.read")
def page(request: HttpRequest) -> HttpResponse:
    """Find by POST; words that name nobody go on to an address of their own, which can be kept and gone back to.

    A phone number in an address would stay in histories and logs.
    """
    if request.method == "GET":
        return _page(request, request.GET.get("q", ""), request.GET.get("cursor", ""))
    typed = request.POST.get("q", "").strip()[:TYPED_CHARS]
    if typed and not bodies.personal_spans(typed, at=clock.now()) and "@" not in typed:
        return redirect(f"{reverse('search')}?{urlencode({'q': typed})}")
    return _page(request, typed, "")


def _page(request: HttpRequest, given: str, cursor: str) -> HttpResponse:
    viewer, typed = viewer_of(request), given.strip()[:TYPED_CHARS]
    context: dict[str, Any] = {"typed": typed, "is_short": False}
    if typed:
        context["customers"] = _customers(typed, viewer) if not cursor else []
        try:
            found = search.find(typed, viewer, before=_before(cursor))
            context |= {"hits": [_row(hit) for hit in found.hits], "older": _older(typed, found.before)}
        except search.TooShort:
            context["is_short"] = not context["customers"]
    return render(request, "desk/search.html", context)


def _row(hit: search.Hit) -> dict[str, Any]:
    case = hit.case
    href = reverse("case", args=[case.number])
    if case.entry_seq - hit.seq >= SHOWN and hit.seq:
        href += f"?before={hit.seq + SHOWN // 2}"
    return {
        "href": f"{href}#entry-{hit.seq}" if hit.seq else href,
        "number": case.number,
        "title": case.title,
        "status": case.status,
        "status_words": STATUSES[case.status],
        "customer": str(case.customer.name) if case.customer else "",
        "opened": case.opened_at,
        "next_due": case.next_due,
        "passage": hit.passage,
    }


def _customers(typed: str, viewer: Viewer) -> list[dict[str, Any]]:
    seen = Customer.objects.visible_to(viewer).with_people().prefetch_related("identities")
    return person.rows(list(find.matching(seen, typed).order_by("-id")[:CUSTOMERS_SHOWN]))


def _older(typed: str, before: int | None) -> str:
    if before is None:
        return ""
    return f"?{urlencode({'q': typed, 'cursor': secrets.seal('search', str(before))})}"


def _before(cursor: str) -> int | None:
    """Return the place after which the page begins; one that is not ours begins at the newest."""
    try:
        return int(secrets.unseal("search", cursor)) if cursor else None
    except (secrets.NotOurs, ValueError):
        return None
