"""What the pages of the house share: the way between them, and how forms are read."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from huiyin.desk.access import viewer_of
from huiyin.staff import people
from huiyin.staff.models import Staff
from huiyin.staff.refusal import Refusal

SAVED = "saved"
Way = tuple[str, Promise, str | None]  # the page, its words, the right that it needs
PAGES: tuple[tuple[Promise, tuple[Way, ...]], ...] = (
    (_("Myself"), (("me", _("My account"), None),)),
    (
        _("People and rights"),
        (
            ("people", _("People"), "people.write"),
            ("teams", _("Sites and teams"), "people.write"),
            ("roles", _("Roles"), "people.write"),
            ("accounts", _("Tokens"), "people.write"),
            ("overload", _("At the limit"), "case.reassign"),
        ),
    ),
    (
        _("How we work"),
        (
            ("policies", _("Promise rules"), "config.write"),
            ("calendars", _("Calendars"), "config.write"),
            ("limits", _("Limits"), "config.write"),
            ("macros", _("Macros"), "config.write"),
            ("channels", _("Channels"), "config.write"),
            ("webhooks", _("Webhooks"), "config.write"),
        ),
    ),
    (
        _("Records"),
        (
            ("records", _("Service records"), "export"),
            ("compensations", _("Compensation"), "case.read"),
            ("keep-rate", _("Keep rate"), "report.read"),
            ("leaks", _("Leaks"), "leak.write"),
            ("audit", _("Audit"), "audit.read"),
        ),
    ),
)


def frame(request: HttpRequest, current: str) -> dict[str, Any]:
    """Return the way to each page that this visitor may open, by group; a group without any is left out."""
    viewer = viewer_of(request)
    groups = [
        {
            "words": group,
            "pages": [
                {"url": reverse(name), "words": words, "is_here": name == current}
                for name, words, needs in ways
                if needs is None or viewer.may(needs)
            ],
        }
        for group, ways in PAGES
    ]
    shown = {"groups": [group for group in groups if group["pages"]]}
    is_saved = request.method == "GET" and SAVED in request.GET
    return {**shown, "done": _("Done.")} if is_saved else shown


def saved(name: str, **which: Any) -> HttpResponse:
    """Lead back to the page, which then says that it is done."""
    return redirect(f"{reverse(name, kwargs=which)}?{SAVED}=1")


def first_page(request: HttpRequest) -> dict[str, Any] | None:
    """Return the way beyond one's own account, for the rail of the desk; None without any."""
    beyond = [page for group in frame(request, "me")["groups"][1:] for page in group["pages"]]
    return (
        {**beyond[0], "words": beyond[0]["words"] if len(beyond) == 1 else _("Administration")}
        if beyond
        else None
    )


def me(request: HttpRequest) -> Staff:
    """Return who is signed in; only behind `signed_in`."""
    assert isinstance(request.user, Staff)
    return request.user


def word(request: HttpRequest, name: str) -> str:
    """Return what a field of the form holds, without what surrounds it."""
    return request.POST.get(name, "").strip()


def words(request: HttpRequest, name: str) -> list[str]:
    """Return what a field holds as a list: parted by commas, of either kind, or spaces."""
    return word(request, name).replace("，", " ").replace(",", " ").replace("、", " ").split()


def both_names(request: HttpRequest) -> dict[str, str]:
    """Return the name in both languages."""
    return {"zh": word(request, "name_zh"), "en": word(request, "name_en")}


def moment(request: HttpRequest, name: str) -> datetime | None:
    """Return a time of the form, meant in the organisation's zone; None when it is empty. Raises Refusal."""
    given = word(request, name)
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given)
        return found if found.tzinfo else make_aware(found)
    except (ValueError, OverflowError):
        raise Refusal("time_unreadable") from None


def colleague(number: str) -> Staff:
    """Return who has this employee number. Raises Refusal."""
    found = people.one(number)
    if found is None or found.kind != "person":
        raise Refusal("unknown", kind="person", what=number)
    return found
