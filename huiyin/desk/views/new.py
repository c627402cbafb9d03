"""/desk/cases/new: a colleague opens a case: somebody came by, called, or we begin."""

import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock, ids, once, tx
from huiyin.cases.models import Case
from huiyin.cases.typed import Invalid
from huiyin.customers import find
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.desk import changing, person
from huiyin.desk.access import signed_in, viewer_of
from huiyin.intake import by_hand, observing

TYPED = (
    "who",
    "name",
    "unit",
    "customer",
    "channel",
    "category",
    "priority",
    "team",
    "worker",
    "title",
    "text",
)
TICKED = ("is_outbound", "observed")
SHOWN = 10
KINDS = {
    "manual": gettext_lazy("by hand"),
    "form": gettext_lazy("message form"),
    "api": gettext_lazy("another system"),
    "chat": gettext_lazy("chat"),
    "phone": gettext_lazy("phone"),
    "email": gettext_lazy("e-mail"),
    "wecom": gettext_lazy("WeCom"),
    "wechat": gettext_lazy("WeChat"),
    "sms": gettext_lazy("text message"),
    "shop": gettext_lazy("shop"),
}
NOBODY = gettext_noop("Nobody is known by this. They are noted as new when the case is opened.")
RUNNING = gettext_noop("This was sent before, and is being worked on. Look at your list.")
BUSY = gettext_noop("The store is busy. What you typed is still here: send it again in a moment.")


@require_GET
@signed_in("case.work")
def page(request: HttpRequest) -> HttpResponse:
    return _page(request, {"customer": request.GET.get("customer", "")[:20]})


@require_POST
@signed_in("case.work")
def act(request: HttpRequest) -> HttpResponse:
    """Look the customer up, or open the case; the same form sent twice opens one."""
    typed = {name: request.POST.get(name, "").strip() for name in TYPED}
    typed |= {name: "on" if name in request.POST else "" for name in TICKED}
    if request.POST.get("act") == "look":
        return _page(request, typed, looked=True)
    key = _key(request)
    try:
        before = once.begin(key)
        number = before.body if before else _opened(request, typed, key)
    except Invalid as error:
        once.give_up(key)
        return _page(request, typed, changing.wrong(error.fields), 422, looked=bool(typed["who"]))
    except (once.Running, once.Reused, once.TakenOver):
        return _page(request, typed, _(RUNNING), 409)
    except (tx.Busy, tx.Unavailable):
        return _page(request, typed, _(BUSY), 503)
    return redirect("case", number=number)


def _opened(request: HttpRequest, typed: dict[str, str], key: once.Key) -> str:
    by, at = viewer_of(request).actor, clock.now()
    with tx.write():
        case: Case
        if typed["observed"]:
            case = observing.open_case(_observed(request, typed), by=by, at=at).case
        else:
            case = by_hand.open_case(_wanted(request, typed), by=by, at=at).case
        once.finish(key, once.Answered(302, case.number))
    return case.number


def _wanted(request: HttpRequest, typed: dict[str, str]) -> by_hand.ByHand:
    worker = viewer_of(request).number if typed["worker"] != "queue" else ""
    places = by_hand.places(channel=typed["channel"], team=typed["team"], handler=worker)
    return by_hand.ByHand(
        text=typed["text"],
        title=typed["title"],
        customer=_customer(request, typed),
        sender=_sender(typed),
        category=typed["category"],
        priority=typed["priority"],
        is_outbound=bool(typed["is_outbound"]),
        **places,
    )


def _observed(request: HttpRequest, typed: dict[str, str]) -> observing.Observed:
    mine = viewer_of(request).number
    worker = mine if typed["worker"] != "queue" else ""
    places = by_hand.places(channel=by_hand.CHANNEL, team=typed["team"], handler=worker)
    return observing.Observed(
        text=typed["text"],
        reporter=observing.reporter(mine, at=clock.now()),
        title=typed["title"],
        category=typed["category"],
        priority=typed["priority"],
        team=places["team"],
        handler=places["handler"],
    )


def _customer(request: HttpRequest, typed: dict[str, str]) -> Customer | None:
    named = typed["customer"] or (typed["who"].upper() if _is_number(typed["who"]) else "")
    if not named:
        return None
    visible = Customer.objects.visible_to(viewer_of(request))
    # Who was chosen first and looked up anew afterwards is not meant any more.
    meant = find.matching(visible, typed["who"]) if typed["who"] else visible
    seen = meant.filter(number=named, erased_at=None).first()
    if seen is None:
        raise Invalid(customer="unknown")
    return find.survivor_of(seen)


def _sender(typed: dict[str, str]) -> Sender:
    who = typed["who"]
    if "@" in who:
        return Sender(typed["name"], email=who, unit=typed["unit"][:120])
    # Four digits are the end of several numbers: they find somebody, they make nobody.
    is_phone = not _is_number(who) and len(re.sub(r"\D", "", who)) > 4
    return Sender(typed["name"], phone=who if is_phone else "", unit=typed["unit"][:120])


def _is_number(who: str) -> bool:
    return bool(re.fullmatch(r"[Cc]\d{6,}", who))


def _key(request: HttpRequest) -> once.Key:
    given = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    digest = hashlib.sha256(repr(sorted(given.items())).encode()).hexdigest()
    client_id = request.POST.get("client_id", "")[:60] or str(ids.uuid7())
    return once.Key(f"desk:{viewer_of(request).number}", client_id, digest, clock.now())


def _page(
    request: HttpRequest, typed: dict[str, str], wrong: str = "", status: int = 200, *, looked: bool = False
) -> HttpResponse:
    found = _found(request, typed) if looked or typed.get("customer") else []
    context: dict[str, Any] = {
        "typed": {"channel": by_hand.CHANNEL, "worker": "me", **typed},
        "wrong": wrong,
        "found": person.rows(found),
        "nobody": _(NOBODY) if looked and not found else "",
        "client_id": request.POST.get("client_id", "")[:60] or str(ids.uuid7()),
        "channels": [
            (one.code, f"{KINDS.get(one.kind, one.kind)} · {one.code}") for one in by_hand.channels()
        ],
        "categories": changing.categories(),
        "observable": changing.observable(),
        "priorities": changing.priorities(),
        "teams": changing.places(),
    }
    return render(request, "desk/new.html", context, status=status)


def _found(request: HttpRequest, typed: dict[str, str]) -> list[Customer]:
    seen = Customer.objects.visible_to(viewer_of(request)).with_people().living()
    if typed.get("who"):
        return list(find.matching(seen, typed["who"]).order_by("-id")[:SHOWN])
    return list(seen.filter(number=typed.get("customer", ""))) if typed.get("customer") else []
