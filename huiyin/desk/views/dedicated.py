"""Who was there for a customer, and handing all customers of one person to another."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.base import clock
from huiyin.customers import dedication, keeping
from huiyin.customers.models import Customer
from huiyin.desk import figures, office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.staff import people
from huiyin.staff.models import Staff

ROLES = {
    "dedicated": gettext_lazy("dedicated person"),
    "salesperson": gettext_lazy("salesperson"),
    "area_manager": gettext_lazy("area manager"),
}


@require_GET
@signed_in("customer.read")
def history(request: HttpRequest, customer: str) -> HttpResponse:
    row = Customer.objects.visible_to(viewer_of(request)).filter(number=customer).first()
    if row is None:
        raise Http404
    left = _("their person left")
    rows = [
        {"it": one, "role": ROLES[one.role], "why": left if one.why == dedication.LEFT else one.why}
        for one in dedication.history(row)
    ]
    return render(request, "desk/customer/dedicated.html", {"customer": row, "rows": rows})


@require_http_methods(["GET", "POST"])
@signed_in("case.reassign")
def hand_over(request: HttpRequest) -> HttpResponse:
    """Show how many customers it would be; with the number shown and a reason, do it."""
    if request.method == "GET":
        return _page(request, {})
    role, giver = office.word(request, "role"), people.one(office.word(request, "giver"))
    if role not in ROLES or giver is None:
        return _page(request, {"wrong": _("Nobody here has this employee number.")}, 422)
    if office.word(request, "act") != "give":
        return _page(request, {"count": dedication.of(giver, role).count(), "giver": giver})
    return _give(request, role, giver)


def _give(request: HttpRequest, role: str, giver: Staff) -> HttpResponse:
    why, expected = office.word(request, "reason")[:200], figures.whole(request.POST.get("expected"))
    shown = {"count": dedication.of(giver, role).count(), "giver": giver}
    if len(why) < 4 or expected is None:
        return _page(request, {**shown, "wrong": _("Say in a few words why.")}, 422)
    by, at = viewer_of(request).actor, clock.now()
    try:
        taker = keeping.person_numbered(office.word(request, "taker"))
        given = dedication.hand_over(role, giver, taker, expected=expected, why=why, by=by, at=at)
    except keeping.NoSuchPerson:
        return _page(request, {**shown, "wrong": _("Nobody here has this employee number.")}, 422)
    except dedication.CannotHandOver as error:
        if error.code == "same_person":
            wrong = _("Choose another person: these customers are theirs already.")
        else:
            wrong = _("The number of customers has changed. Look again, then decide.")
        return _page(request, {**shown, "wrong": wrong}, 409)
    return _page(request, {"given": given, "giver": giver, "taker": taker, "typed": {}})


def _page(request: HttpRequest, more: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {"roles": ROLES.items(), "typed": request.POST, **more}
    return render(request, "desk/customer/hand_over.html", context, status=status)
