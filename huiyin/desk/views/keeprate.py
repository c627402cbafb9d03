"""/desk/keep-rate: what was kept by its first due time, and how long customers waited for a first word."""

from datetime import date, timedelta
from typing import Any, get_args

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from huiyin.base import clock
from huiyin.cases import first_replies, keeprate
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of

WAYS = {
    "kind": gettext_lazy("Kind"),
    "team": gettext_lazy("Team"),
    "person": gettext_lazy("Person"),
    "category": gettext_lazy("Category"),
    "level": gettext_lazy("Customer level"),
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week, by its Monday"),
    "month": gettext_lazy("Month"),
}
CHANNELS = {
    "chat": gettext_lazy("online chat"),
    "phone": gettext_lazy("telephone"),
    "form": gettext_lazy("message form"),
    "api": gettext_lazy("by program"),
    "email": gettext_lazy("e-mail"),
    "sms": gettext_lazy("SMS"),
    "wecom": gettext_lazy("WeCom"),
    "wechat": gettext_lazy("WeChat"),
    "shop": gettext_lazy("shop platform"),
    "manual": gettext_lazy("opened by hand"),
}
LONGEST = timedelta(days=366)


@require_GET
@signed_in("report.read")
def page(request: HttpRequest) -> HttpResponse:
    at, viewer = clock.now(), viewer_of(request)
    today = localtime(at).date()
    first, last = _day(request, "from", today.replace(day=1)), _day(request, "to", today)
    by: Any = request.GET.get("by", "kind")
    by = by if by in get_args(keeprate.By) else "kind"
    wrong = (
        "" if first <= last and last - first < LONGEST else _("Choose at most a year, the first day first.")
    )
    after = last + timedelta(days=1)
    context: dict[str, Any] = {
        **office.frame(request, "keep-rate"),
        "typed": {"from": first, "to": last, "by": by},
        "ways": WAYS.items(),
        "way": WAYS[by],
        "error": wrong,
    }
    if not wrong:
        context["rates"] = keeprate.rates(by=by, first=first, after=after, viewer=viewer, at=at)
        waits = first_replies.waits(first=first, after=after, viewer=viewer)
        context["waits"] = [(CHANNELS.get(one.channel, one.channel), one) for one in waits]
    return render(request, "desk/office/keep_rate.html", context, status=422 if wrong else 200)


def _day(request: HttpRequest, name: str, usual: date) -> date:
    try:
        return parse_date(request.GET.get(name, "")) or usual
    except ValueError:
        return usual
