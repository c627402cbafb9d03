"""Signing in anew before what matters most: the password, and a code where there is one, unless given just now.

Who is asked in the middle of a form finds it as they left it: the page carries the fields along.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.base import clock
from huiyin.base.web import network_of
from huiyin.desk import office
from huiyin.desk.access import View
from huiyin.staff import devices, second_factor, sessions, signin

PASSWORD, CODE = "proof_password", "proof_code"
_OURS = frozenset({"csrfmiddlewaretoken", PASSWORD, CODE})
When = Callable[[HttpRequest], bool]


def acts(*names: str) -> When:
    """Ask for these acts of a page with several."""
    return lambda request: office.word(request, "act") in names


def proved(when: When | None = None, *, on_arrival: bool = False) -> Callable[[View], View]:
    """Let through whoever showed within ten minutes that it is them; ask the others. Stands behind `signed_in`.

    `on_arrival` asks before the page is shown, where what is typed into it is not to be carried along.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            is_asked = (on_arrival or request.method == "POST") and (when is None or when(request))
            if not is_asked or sessions.is_proved(request.session, at=clock.now()):
                return view(request, *args, **kwargs)
            if request.method != "POST" or on_arrival or request.FILES:
                return redirect(f"{reverse('prove')}?{urlencode({'next': request.path})}")
            if PASSWORD not in request.POST:
                return ask(request)
            refused = tried(request)
            return refused or view(request, *args, **kwargs)

        return guarded

    return wrap


def tried(request: HttpRequest, *, following: str = "") -> HttpResponse | None:
    """Look at what was given as proof: None when it holds, else the page that asks again."""
    password, code = request.POST.get(PASSWORD, ""), request.POST.get(CODE, "")
    try:
        told = {"network": network_of(request), "device": devices.brought(request)}
        signin.prove(office.me(request), password, code, at=clock.now(), **told)
    except signin.Refused:
        wrong = _("The password is wrong.")
        if second_factor.is_on(office.me(request)):
            wrong = _("Password or code is wrong, or the code was used already.")
        return ask(request, wrong, 403, following=following)
    except signin.Locked as locked:
        return ask(request, wait_words(locked), 429, following=following)
    sessions.note_proof(request.session, at=clock.now())
    return None


def ask(request: HttpRequest, error: str = "", status: int = 200, *, following: str = "") -> HttpResponse:
    """Show the page that asks for the proof; it sends the form on that it interrupted."""
    kept = [(name, one) for name, many in request.POST.lists() if name not in _OURS for one in many]
    context = {
        "error": error,
        "kept": kept if not following else [("next", following)],
        "following": following,
        "with_code": second_factor.is_on(office.me(request)),
    }
    return render(request, "desk/prove.html", context, status=status)


def run_out_words(until: datetime) -> str:
    """Say that a password that was given is good no more, and who gives another."""
    words = _("This one-time password ran out on %(when)s. Ask your administrator for another one.")
    return words % {"when": formats.date_format(localtime(until), _("j M Y, H:i"))}


def wait_words(locked: signin.Locked) -> str:
    """Say how long to wait after too many failures."""
    if locked.seconds < 60:
        words = ngettext(
            "Please wait %(n)s second and try again.",
            "Please wait %(n)s seconds and try again.",
            locked.seconds,
        )
        return words % {"n": locked.seconds}
    return _("Too many tries. Please wait %(n)s minutes, or ask your administrator.") % {"n": locked.minutes}
