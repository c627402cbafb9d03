"""/desk/cases/{number}: one matter on one screen, and what can be done with it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock, tx
from huiyin.cases import drafts, lifecycle, told, waiting
from huiyin.cases.kinds import WAITING_FOR
from huiyin.cases.models import Case
from huiyin.cases.moves import MOVES
from huiyin.customers import ways
from huiyin.desk import attached, figures, screen, snooze
from huiyin.desk.access import case_of, signed_in, viewer_of
from huiyin.desk.views.desk import frame
from huiyin.desk.views.drafts import seen_seq

BUSY = noop("The store is busy. What you wrote is still here: send it again in a moment.")


@require_GET
@signed_in("case.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, case_of(request, number))


@require_GET
@signed_in("case.read")
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """The conversation and its surroundings alone, which the page fetches again when a hint comes."""
    case = case_of(request, number)
    seen = screen.of(case, viewer_of(request), at=clock.now(), before=_before(request))
    return render(request, "desk/case/_live.html", seen)


@require_POST
@signed_in("case.work")
def reply(request: HttpRequest, number: str) -> HttpResponse:
    case = case_of(request, number)
    text, client_id = request.POST.get("text", ""), request.POST.get("client_id", "")[:60]
    try:
        at = clock.now()
        sent = attached.sent_with(request, at=at)
        by = viewer_of(request).actor
        entry = lifecycle.reply(case, text, by=by, at=at, client_id=client_id, files=sent)
    except lifecycle.Invalid as error:
        return _unsent(request, case, _wrong(error), 422)
    except lifecycle.MoveNotAllowed:
        wrong = _("This case is closed; what you wrote is still here.")
        return _unsent(request, case_of(request, number), wrong, 409)
    except (tx.Busy, tx.Unavailable):
        return _unsent(request, case, _(BUSY), 503)
    return _sent(request, case, entry.seq)


@require_POST
@signed_in("case.work")
def note(request: HttpRequest, number: str) -> HttpResponse:
    case = case_of(request, number)
    text, client_id = request.POST.get("text", ""), request.POST.get("client_id", "")[:60]
    try:
        at = clock.now()
        sent = attached.sent_with(request, at=at)
        lifecycle.note(case, text, by=viewer_of(request).actor, at=at, client_id=client_id, files=sent)
    except lifecycle.Invalid as error:
        return _unsent(request, case, _wrong(error), 422, mode="note")
    except (tx.Busy, tx.Unavailable):
        return _unsent(request, case, _(BUSY), 503, mode="note")
    return redirect("case", number=number)


@require_POST
@signed_in("case.work")
def move(request: HttpRequest, number: str) -> HttpResponse:
    case = case_of(request, number)
    name, version = request.POST.get("move", ""), figures.whole(request.POST.get("version"))
    text = request.POST.get("text", "")
    if name not in screen.OFFERED_MOVES or version is None:
        return HttpResponseBadRequest("move")
    if not viewer_of(request).may(MOVES[name].needs):
        return HttpResponse(status=403)
    try:
        told_ = _told(request, case, name, text)
        lifecycle.move(case, name, by=viewer_of(request).actor, at=clock.now(), version=version, **told_)
    except lifecycle.Invalid as error:
        return _page(request, case, {"composer": screen.unmoved(text, name, _wrong(error))}, 422)
    except lifecycle.Stale:
        wrong = _("Somebody changed this case meanwhile. Look at it again, then decide.")
        return _page(request, case_of(request, number), {"composer": screen.unmoved(text, name, wrong)}, 409)
    except lifecycle.OpenRequest as error:
        wrong = _(
            "Still open: %(what)s. Wait for it, or write below why the case can be finished without it."
        )
        wrong %= {"what": _(", ").join(map(told.subject, error.subjects))}
        return _page(request, case, {"composer": screen.unmoved(text, name, wrong)}, 409)
    except lifecycle.MoveNotAllowed:
        wrong = _("This is not possible any more: the case has moved on.")
        return _page(request, case_of(request, number), {"composer": screen.unmoved(text, name, wrong)}, 409)
    except (tx.Busy, tx.Unavailable):
        return _page(request, case, {"composer": screen.unmoved(text, name, _(BUSY))}, 503)
    return redirect("case", number=number)


@require_POST
@signed_in("customer.reveal")
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show the customer's contacts: in one's own open case the case is the reason; elsewhere one must be given."""
    case, viewer = case_of(request, number), viewer_of(request)
    reason = request.POST.get("reason", "").strip()
    own = case.handler_id == viewer.staff_id and case.is_open
    if not own and not viewer.reaches_beyond_own:
        return HttpResponse(status=403)
    if not own and len(reason) < 4:
        return _page(request, case, {"reveal_error": _("Say in a few words why you need it.")}, 422)
    if case.customer is None:
        return redirect("case", number=number)
    why = reason or f"case {case.number}"
    revealed = ways.reveal(case.customer, reason=why, by=viewer.actor, at=clock.now())
    return _page(request, case, {"revealed": revealed})


def _page(
    request: HttpRequest, case: Case, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    seen = screen.of(case, viewer_of(request), at=clock.now(), before=_before(request))
    unseen = request.GET.get("unseen", "")
    shown = {"unseen": unseen if unseen.isdecimal() else ""}
    return render(
        request, "desk/case.html", {**frame(request), **seen, **shown, **(more or {})}, status=status
    )


def _unsent(
    request: HttpRequest, case: Case, wrong: str, status: int, *, mode: str = "reply"
) -> HttpResponse:
    """Show the case with what was typed and why it was not taken; a browser never keeps the chosen files."""
    if request.FILES:
        wrong = _("%(wrong)s Choose the files again.") % {"wrong": wrong}
    text, client_id = request.POST.get("text", ""), request.POST.get("client_id", "")[:60]
    return _page(request, case, {"composer": screen.composer(text, client_id, wrong, mode)}, status)


def _before(request: HttpRequest) -> int | None:
    """Return the entry before which the talk is asked for; None for its newest part."""
    return figures.whole(request.GET.get("before"))


def _sent(request: HttpRequest, case: Case, seq: int) -> HttpResponse:
    """Show the case again; say so when something came in that was not on the page while they wrote."""
    seen = seen_seq(request)
    newer = drafts.unseen(case, seen, before=seq, by=viewer_of(request).actor) if seen is not None else []
    here = reverse("case", args=[case.number])
    return redirect(f"{here}?unseen={newer[0]}" if newer else here)


def _told(request: HttpRequest, case: Case, name: str, text: str) -> dict[str, Any]:
    match name:
        case "wait":
            waiting_for = request.POST.get("waiting_for", "")
            if waiting_for not in WAITING_FOR:
                raise lifecycle.Invalid(waiting_for="missing")
            told_: dict[str, Any] = {"waiting_for": waiting_for, "reason": text.strip()[:200]}
            if waiting_for == waiting.SCHEDULED:
                told_["until"] = snooze.moment(request.POST, case, at=clock.now())
            return told_
        case "resume":
            return {"reason": ""}
        case "resolve":
            met = {"yes": True, "no": False}.get(request.POST.get("goal_met", ""))
            told_ = {"despite": request.POST.get("despite", "")[:500], "goal_met": met}
            reason = request.POST.get("goal_reason", "")[:500] if met is False else ""
            return {"text": text, "goal_reason": reason, **told_}
        case "dispute":
            return {"text": text}
    return {}


def _wrong(error: lifecycle.Invalid) -> str:
    if isinstance(error, attached.NotTaken):
        return error.words
    codes = {
        "missing": _("Write a few words first."),
        "too_long": _("This is too long; please shorten it."),
        "too_many_or_large": _("A file may be 20 MB, and ten files go at once."),
    }
    if "until" in error.fields:
        return _("Choose a time that is still to come, within a year.")
    if "waiting_for" in error.fields:
        return _("Choose what the case waits for.")
    if "evidence" in error.fields:
        return _(
            "Cases of this category need evidence: attach a file or name a record, then report it as solved."
        )
    if "goal_reason" in error.fields:
        return _("Write why the goal was not reached.")
    if "resolution" in error.fields and error.fields["resolution"] == "missing":
        return _("Write how the matter was solved; the customer reads it.")
    return codes.get(next(iter(error.fields.values())), str(error))
