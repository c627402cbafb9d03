"""One way to do what a form about a case asks: the verb of its button, what refuses it, where it leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from huiyin.base import tx
from huiyin.cases.models import Case
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.typed import Invalid
from huiyin.desk import changing
from huiyin.desk.access import case_of, viewer_of

STALE = noop("Somebody changed this case meanwhile. What you typed is still here: look again, then decide.")
MOVED_ON = noop("This is not possible any more: the case has moved on.")
BUSY = noop("The store is busy. What you typed is still here: send it again in a moment.")
# A verb returns the case that it leads to, or anything else for the one of the page.
Act = Callable[[HttpRequest, Case], object]
_ALWAYS: Mapping[type[Exception], tuple[str, int]] = {
    Stale: (STALE, 409),
    MoveNotAllowed: (MOVED_ON, 409),
    tx.Busy: (BUSY, 503),
    tx.Unavailable: (BUSY, 503),
}


@dataclass(frozen=True, slots=True)
class Form:
    """What is the page's own: its verbs by the name of the button, how it looks when refused, where it leads.

    `page` takes the words of what was wrong and a status; `wrong` says what is Invalid in words; `refusals` are the
    page's own errors, their codes in `words`, with their status; `then` takes the case before and the one it leads to,
    `unseen` is where it leads when that is not the person's to see any more.
    """

    acts: Mapping[str, Act]
    page: Callable[[HttpRequest, Case, str, int], HttpResponse]
    wrong: Callable[[Invalid], str]
    then: Callable[[Case, Case], HttpResponse]
    unseen: Callable[[Case], HttpResponse] = field(default=lambda case: redirect("desk"))
    refusals: Mapping[type[Exception], int] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def act(request: HttpRequest, number: str, form: Form) -> HttpResponse:
    """Do it, or show the page again with what was wrong and what was typed."""
    case = case_of(request, number)
    verb = form.acts.get(request.POST.get("act", ""))
    if verb is None:
        return HttpResponseBadRequest("act")
    try:
        done = verb(request, case)
    except Invalid as error:
        return form.page(request, case_of(request, number), form.wrong(error), 422)
    except tuple(_ALWAYS) as error:
        words, status = next(told for kind, told in _ALWAYS.items() if isinstance(error, kind))
        return form.page(request, case if status == 503 else case_of(request, number), _(words), status)
    except tuple(form.refusals) as error:
        status = next(told for kind, told in form.refusals.items() if isinstance(error, kind))
        return form.page(request, case_of(request, number), _(form.words[str(error)]), status)
    shown = done if isinstance(done, Case) else case
    is_seen = Case.objects.visible_to(viewer_of(request)).filter(pk=shown.pk).exists()
    return form.then(case, shown) if is_seen else form.unseen(case)


def version(request: HttpRequest) -> int:
    """Return the version of the case that the form was filled in for."""
    return changing.version(request.POST.get("version", ""))
