"""/desk/customers: finding a customer, and one customer with what can be done for them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.base import clock
from huiyin.cases import revealing
from huiyin.customers import consent, dedication, erasure, find, keeping, merging, organisations, ways
from huiyin.customers.models import Customer
from huiyin.desk import figures, person
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.proving import proved
from huiyin.rules import book as rulebook
from huiyin.staff.models import Staff

SHOWN = 50
View = Callable[[HttpRequest, Customer], HttpResponse]


class _Wrong(Exception):
    """What the person gave cannot be used; the text says why, in their language."""

    def __init__(self, text: str, status: int = 422) -> None:
        super().__init__(text)
        self.status = status


def _of_customer(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Find the customer, or answer 404; show what was wrong on their page."""

    @wraps(view)
    def found(request: HttpRequest, customer: str) -> HttpResponse:
        row = _customer(request, customer)
        try:
            return view(request, row)
        except _Wrong as error:
            return _page(request, row, {"wrong": str(error)}, error.status)
        except keeping.Changed:
            text = _("Somebody changed this customer meanwhile. Look again, then decide.")
            return _page(request, _customer(request, customer), {"wrong": text}, 409)
        except keeping.Ended:
            text = _("This customer was merged or erased meanwhile.")
            return _page(request, _customer(request, customer), {"wrong": text}, 409)

    return found


@require_http_methods(["GET", "POST"])
@signed_in("customer.read")
def search(request: HttpRequest) -> HttpResponse:
    """Find by POST: a phone number in an address would stay in histories and logs."""
    typed = request.POST.get("q", "").strip()[:200]
    seen = Customer.objects.visible_to(viewer_of(request)).with_people().prefetch_related("identities")
    found = list(find.matching(seen, typed).order_by("-id")[:SHOWN]) if typed else []
    may_hand_over = viewer_of(request).may("case.reassign")
    context = {"typed": typed, "found": person.rows(found), "may_hand_over": may_hand_over}
    return render(request, "desk/customers.html", context)


@require_GET
@signed_in("customer.read")
def page(request: HttpRequest, customer: str) -> HttpResponse:
    row = _customer(request, customer)
    if row.merged_into_id:
        return redirect("customer", customer=find.survivor_of(row).number)
    return _page(request, row)


@require_POST
@signed_in("customer.reveal")
@_of_customer
def reveal(request: HttpRequest, customer: Customer) -> HttpResponse:
    if not revealing.allowed(customer, viewer_of(request)):
        return HttpResponse(status=403)
    reason = request.POST.get("reason", "").strip()
    if len(reason) < 4:
        raise _Wrong(_("Say in a few words why you need it."))
    revealed = ways.reveal(customer, reason=reason, by=viewer_of(request).actor, at=clock.now())
    return _page(request, customer, {"revealed": revealed})


@require_POST
@signed_in("case.work")
@_of_customer
def change(request: HttpRequest, customer: Customer) -> HttpResponse:
    by, at, given = viewer_of(request).actor, clock.now(), request.POST
    version = figures.whole(given.get("version"))
    if version is None:
        raise _Wrong(_("Open the page again, then change it."))
    unit = given.get("organisation", "").strip()
    changes = {
        "level": given["level"] if given.get("level") in person.LEVELS else customer.level,
        **{role: _person(given[role].strip()) for role in dedication.ROLES if role in given},
        "organisation": organisations.found(unit, by=by, at=at) if unit else None,
        "need": _need(given.get("need"), customer),
        "preference": given.get("preference", customer.preference),
        "tags": sorted({tag.strip()[:40] for tag in given.get("tags", "").split(",") if tag.strip()})[:20],
    }
    keeping.change(customer, changes, version=version, by=by, at=at)
    return redirect("customer", customer=customer.number)


@require_POST
@signed_in("case.reassign")
@_of_customer
def merge(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Take the named customer into this one."""
    seen = Customer.objects.visible_to(viewer_of(request))
    other = find.matching(seen, request.POST.get("other", "")).first()
    if other is None:
        raise _Wrong(_("There is no such customer. Write the customer number."))
    try:
        merging.merge(other, into=customer, by=viewer_of(request).actor, at=clock.now())
    except merging.CannotMerge as error:
        raise _Wrong(_cannot_merge(error.code), 409) from None
    return redirect("customer", customer=customer.number)


@require_POST
@signed_in("case.reassign")
@_of_customer
def unmerge(request: HttpRequest, customer: Customer) -> HttpResponse:
    done = customer.merges.filter(undone_at=None, secondary__number=request.POST.get("other", "")).first()
    if done is None:
        raise _Wrong(_("This merge was undone already."), 409)
    try:
        merging.unmerge(done, by=viewer_of(request).actor, at=clock.now())
    except merging.CannotUnmerge:
        raise _Wrong(
            _("What was merged has changed since, so it cannot be taken apart any more."), 409
        ) from None
    return redirect("customer", customer=customer.number)


@require_POST
@signed_in("case.work")
@_of_customer
def agree(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Record a consent, or its withdrawal when `withdraw` is given."""
    by, at, given = viewer_of(request).actor, clock.now(), request.POST
    purpose, version = given.get("purpose", ""), given.get("version", "").strip()[:20]
    if "withdraw" in given:
        consent.withdraw(customer, purpose, by=by, at=at)
    elif not version or not person.consent_given(purpose, given.get("how", "")):
        raise _Wrong(_("Say for what, how, and to which version of the words the customer agreed."))
    else:
        consent.give(customer, purpose, version=version, how=given["how"], by=by, at=at)
    return redirect("customer", customer=customer.number)


@require_POST
@signed_in("customer.read")
@signed_in("approve")
@proved(when=lambda request: "really" in request.POST)
@_of_customer
def erase(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Show what would be erased; with a reason and the customer's number typed in, begin."""
    if "really" not in request.POST:
        return _page(request, customer, {"preview": person.told_preview(erasure.preview(customer))})
    reason = request.POST.get("reason", "").strip()
    if len(reason) < 4 or request.POST["really"].strip().upper() != customer.number:
        raise _Wrong(_("Write the reason and the customer number to confirm; erasing cannot be undone."))
    try:
        erasure.ask(customer, reason=reason, by=viewer_of(request).actor, at=clock.now())
    except erasure.CannotErase:
        raise _Wrong(_("This customer has cases in work. Finish or void them first."), 409) from None
    return redirect("customer", customer=customer.number)


def _customer(request: HttpRequest, number: str) -> Customer:
    row = Customer.objects.visible_to(viewer_of(request)).with_people().filter(number=number).first()
    if row is None:
        raise Http404
    return row


def _person(number: str) -> Staff | None:
    try:
        return keeping.person_numbered(number) if number else None
    except keeping.NoSuchPerson:
        raise _Wrong(_("Nobody here has this employee number.")) from None


def _need(typed: str | None, customer: Customer) -> str:
    if typed is None or (typed and typed not in rulebook.current().categories):
        return customer.need
    return typed


def _cannot_merge(code: str) -> str:
    if code == "same_customer":
        return _("This is the customer itself.")
    if code == "one_blocked":
        return _("One of the two is blocked. Unblock or block first, then merge.")
    if code == "other_site":
        return _("The two belong to different sites.")
    return _("One of the two was merged or erased before.")


def _page(
    request: HttpRequest, customer: Customer, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    context = {**person.of(customer, viewer_of(request)), **(more or {})}
    return render(request, "desk/customer.html", context, status=status)
