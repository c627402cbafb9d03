"""/desk/blocked: what blocked customers wrote, and letting single messages through."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock
from huiyin.base.texts import in_words
from huiyin.customers import blocking
from huiyin.customers.keeping import Ended
from huiyin.customers.models import Customer
from huiyin.desk.access import signed_in, viewer_of
from huiyin.intake import blocked
from huiyin.intake.models import InboxItem
from huiyin.rules import book as rulebook

SHOWN = 50


@require_GET
@signed_in("case.void")
def page(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@signed_in("case.void")
def release(request: HttpRequest, inbox_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    item = blocked.seen_by(viewer).filter(pk=inbox_id).first()
    if item is None:
        raise Http404
    try:
        opened = blocked.release(item, by=viewer.actor, at=clock.now())
    except blocked.NotBlocked:
        return _page(request, _("Somebody released this message already."), 409)
    return redirect("case", number=opened.number)


@require_POST
@signed_in("case.void")
def block(request: HttpRequest, customer: str) -> HttpResponse:
    """Block or unblock, with a reason; whoever unblocks sees at once what came in meanwhile."""
    viewer, reason = viewer_of(request), request.POST.get("reason", "").strip()
    row = Customer.objects.visible_to(viewer).filter(number=customer).first()
    if row is None:
        raise Http404
    verb = blocking.unblock if row.blocked_at else blocking.block
    if len(reason) < 4:
        return _page(request, _("Say in a few words why."), 422, row)
    try:
        verb(row, reason=reason, by=viewer.actor, at=clock.now())
    except Ended:
        return _page(request, _("This customer was merged or erased meanwhile."), 409)
    if row.blocked_at is None:
        return redirect(f"{reverse('blocked')}?customer={customer}")
    return redirect("customer", customer=customer)


def _page(
    request: HttpRequest, wrong: str = "", status: int = 200, of: Customer | None = None
) -> HttpResponse:
    viewer = viewer_of(request)
    number = of.number if of else request.GET.get("customer", "")[:20]
    customer = of or Customer.objects.visible_to(viewer).filter(number=number).first()
    rows = blocked.seen_by(viewer, customer=number)
    context = {
        "wrong": wrong,
        "customer": customer,
        "customer_name": str(customer.name) if customer else "",
        "rows": [_row(item) for item in rows[:SHOWN]],
        "counted": blocked.count(rows),
        "shown": SHOWN,
    }
    return render(request, "desk/blocked.html", context, status=status)


def _row(item: InboxItem) -> dict[str, Any]:
    book = rulebook.current()
    return {
        "id": item.pk,
        "at": item.received_at,
        "customer": item.customer.number if item.customer else "",
        "name": str(item.customer.name) if item.customer else "",
        "channel": item.account.code,
        "category": in_words(book.name_of(item.category)),
        "is_complaint": book.top_of(item.category) == blocked.COMPLAINT,
        "team": str(item.team),
        "text": blocked.words_of(item),
    }
