"""/desk/cases/{number}/entries/{seq}: taking back a chat reply, and erasing words for good."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.base import clock
from huiyin.cases import bodies, recalling, redacting, timeline, told
from huiyin.cases.models import Case, Entry
from huiyin.cases.typed import Invalid
from huiyin.desk.access import case_of, signed_in, viewer_of

WRONG = {
    "not_yours": noop("Only who wrote a message can take it back."),
    "not_chat": noop("Only a chat message can be taken back: others have left the house."),
    "too_late": noop("A message can be taken back within two minutes only."),
    "recalled_already": noop("This message was taken back already."),
    "not_sent": noop("This is no message to a customer."),
    "missing": noop("Write what is to be erased, or choose everything."),
    "not_found": noop("These words do not stand in the message. Copy them exactly."),
    "too_many": noop("Erase at most 20 passages at once."),
    "reason": noop("Say in a few words why."),
}


@require_POST
@signed_in("case.work")
def recall(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    case = case_of(request, number)
    try:
        recalling.recall(case, seq, by=viewer_of(request).actor, at=clock.now())
    except recalling.CannotRecall as error:
        context = {"case": case, "wrong": _(WRONG[error.code])}
        return render(request, "desk/redact/not_recalled.html", context, status=409)
    return redirect("case", number=number)


@require_http_methods(["GET", "POST"])
@signed_in("case.redact")
def redact(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """Show what would stay; with the reason and `really`, erase."""
    case = case_of(request, number)
    entry = timeline.entry(case, viewer_of(request), seq)
    if entry is None:
        raise Http404
    if request.method == "GET":
        return _page(request, case, entry)
    wanted, reason = _wanted(request, seq), request.POST.get("reason", "").strip()
    try:
        if "really" not in request.POST:
            return _page(request, case, entry, {"preview": redacting.preview(case, wanted, at=clock.now())})
        if len(reason) < 4:
            raise Invalid(reason="missing")
        redacting.redact(case, wanted, reason=reason, by=viewer_of(request).actor, at=clock.now())
    except Invalid as error:
        (field, code), *_more = error.fields.items()
        wrong = _(WRONG["reason" if field == "reason" else code])
        return _page(request, case, entry, {"wrong": wrong}, 422)
    return redirect("case", number=number)


def _wanted(request: HttpRequest, seq: int) -> redacting.Wanted:
    lines = request.POST.get("passages", "").replace("\r\n", "\n").split("\n")
    whole = "whole" in request.POST
    passages = () if whole else tuple(line.strip() for line in lines if line.strip())
    files = tuple(request.POST.getlist("files"))
    return redacting.Wanted(seq, passages, whole, "personal" in request.POST, files)


def _page(
    request: HttpRequest, case: Case, entry: Entry, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    words = bodies.of(case, plain=False, among=[entry]).get(entry.seq, bodies.Words())
    context = {
        "case": case,
        "seq": entry.seq,
        "sentence": told.sentence(entry),
        "at": entry.at,
        # Masked like everywhere outside one's own case; the words to erase are known to who asks for it.
        "text": words.text,
        "files": [f for f in entry.payload.get("files", ()) if f["name"] != redacting.BLACK],
        "typed": {name: request.POST.get(name, "") for name in ("passages", "reason")},
        "whole": "whole" in request.POST,
        "personal": "personal" in request.POST,
        "has_personal": words.masked,
        "chosen": request.POST.getlist("files"),
        **(more or {}),
    }
    return render(request, "desk/redact.html", context, status=status)
