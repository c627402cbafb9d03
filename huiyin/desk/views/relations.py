"""/desk/cases/{number}/relations: merge, split, link, and a group of cases answered at once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock
from huiyin.cases import merging, relating, splitting
from huiyin.cases.kinds import STATUSES
from huiyin.cases.models import Case
from huiyin.cases.typed import Invalid
from huiyin.desk import acting, figures
from huiyin.desk.access import case_of, signed_in, viewer_of
from huiyin.desk.acting import Act, Form

WRONG = {
    "missing": noop("Write the number of the other case, or the words of the answer."),
    "unknown": noop("There is no such case, or you may not see it."),
    "same": noop("This is the case itself."),
    "other_customer": noop(
        "Only cases of the same customer can be merged. Link them, or put them in a group."
    ),
    "other_people": noop("The two cases are about different people; they cannot be merged."),
    "open_request": noop(
        "Another department still owes something to this case; finish or withdraw that first."
    ),
    "not_open": noop("The other case is closed already."),
    "merged_already": noop("One of the two was merged before."),
    "not_merged": noop("This case was not merged."),
    "too_late": noop("A merge can be undone within 24 hours only."),
    "not_related": noop("These two cases are not linked."),
    "has_parent": noop("The other case is in a group itself; use the case above it."),
    "has_children": noop("This case has a group of its own."),
    "void": noop("A void case cannot be linked, nor be in a group."),
    "no_children": noop("No case of the group is open."),
    "message": noop("Choose a message of the customer."),
}


class _Wrong(Exception):
    """What the person gave cannot be used; its code is in WRONG."""


@require_GET
@signed_in("case.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, case_of(request, number))


@require_POST
@signed_in("case.work")
def act(request: HttpRequest, number: str) -> HttpResponse:
    return acting.act(request, number, _FORM)


def _merge(request: HttpRequest, case: Case) -> Case:
    into = _other(request)
    merging.merge(case, into, by=_by(request), at=clock.now(), version=acting.version(request))
    return into


def _unmerge(request: HttpRequest, case: Case) -> Case:
    return merging.unmerge(case, by=_by(request), at=clock.now(), version=acting.version(request))


def _split(request: HttpRequest, case: Case) -> Case:
    seq = figures.whole(request.POST.get("seq"))
    if seq is None:
        raise _Wrong("message")
    title, version = request.POST.get("title", "")[:200], acting.version(request)
    try:
        return splitting.split(case, seq, title=title, by=_by(request), at=clock.now(), version=version)
    except splitting.NoSuchMessage:
        raise Invalid(seq="unknown") from None


def _link(request: HttpRequest, case: Case) -> Case:
    relating.link(case, _other(request), by=_by(request), at=clock.now())
    return case


def _unlink(request: HttpRequest, case: Case) -> Case:
    relating.unlink(case, _other(request), by=_by(request), at=clock.now())
    return case


def _put_under(request: HttpRequest, case: Case) -> Case:
    relating.put_under(
        case, _other(request), by=_by(request), at=clock.now(), version=acting.version(request)
    )
    return case


def _take_out(request: HttpRequest, case: Case) -> Case:
    return relating.take_out(case, by=_by(request), at=clock.now(), version=acting.version(request))


def _answer_all(request: HttpRequest, case: Case) -> Case:
    text, resolve = request.POST.get("text", ""), request.POST.get("resolve") == "on"
    relating.answer_all(case, text, resolve=resolve, by=_by(request), at=clock.now())
    return case


_ACTS: dict[str, Act] = {
    "merge": _merge,
    "unmerge": _unmerge,
    "split": _split,
    "link": _link,
    "unlink": _unlink,
    "put-under": _put_under,
    "take-out": _take_out,
    "answer-all": _answer_all,
}


def _other(request: HttpRequest) -> Case:
    number = request.POST.get("other", "").strip()
    if not number:
        raise _Wrong("missing")
    found = Case.objects.visible_to(viewer_of(request)).with_people().numbered(number)
    if found is None:
        raise _Wrong("unknown")
    return found


def _by(request: HttpRequest) -> Any:
    return viewer_of(request).actor


def _page(request: HttpRequest, case: Case, wrong: str = "", status: int = 200) -> HttpResponse:
    visible = Case.objects.visible_to(viewer_of(request))
    related = relating.of(case)
    context = {
        "case": case,
        "wrong": wrong,
        "typed": {name: request.POST.get(name, "") for name in ("other", "text", "title")},
        "works": viewer_of(request).may("case.work"),
        "may_merge": merging.can_begin_at(case),
        "survivor": _shown(visible.filter(merged_cases=case)),
        "merged": _shown(visible.filter(merged_into=case)),
        "links": _shown(visible.filter(pk__in=related)),
        "parent": _shown(visible.filter(children=case)),
        "children": _shown(visible.filter(parent=case)),
        "same_customer": _shown(_mergeable(visible, case)),
        "messages": splitting.messages_of(case),
        "is_void": case.status == Case.VOID,
    }
    return render(request, "desk/relations.html", context, status=status)


def _mergeable(visible: Any, case: Case) -> Any:
    if case.customer_id is None:
        return visible.none()
    return visible.in_work().filter(customer=case.customer_id, merged_into=None).exclude(pk=case.pk)


def _shown(cases: Any) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "title": row.title,
            "status_words": STATUSES[row.status],
            "next_due": row.next_due,
        }
        for row in cases.order_by("next_due", "-id")[:50]
    ]


# What was split off is with its handler: whoever owns the case may not see it.
_FORM = Form(
    acts=_ACTS,
    page=_page,
    wrong=lambda error: _(WRONG["message" if "seq" in error.fields else "missing"]),
    then=lambda case, shown: redirect("case-relations", number=shown.number),
    unseen=lambda case: redirect("case-relations", number=case.number),
    refusals={_Wrong: 409, merging.CannotMerge: 409, relating.CannotRelate: 409},
    words=WRONG,
)
