"""Changing one's password; a first password must be changed before anything else."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.proving import proved, run_out_words
from huiyin.staff import devices, former, one_time, passwords, people, second_factor, sessions, sites
from huiyin.staff.models import Staff


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@signed_in()
@proved(when=lambda request: second_factor.is_on(office.me(request)), on_arrival=True)
def change(request: HttpRequest) -> HttpResponse:
    staff = request.user
    assert isinstance(staff, Staff)
    faults: dict[str, list[str]] = {}
    if request.method == "POST":
        faults = _faults(request, staff)
        if not faults:
            people.set_password(staff, request.POST["new"], by=viewer_of(request).actor, at=clock.now())
            confirmed = request.session.get("scope_confirmed", False)
            sessions.begin(request, staff, at=clock.now())
            request.session["scope_confirmed"] = confirmed
            response = redirect("desk")
            devices.remember(request, response, staff, at=clock.now())
            return response
    is_first = staff.must_change_password and former.is_given(staff)
    days = settings.HUIYIN.password_days
    is_over = staff.must_change_password and not is_first and days > 0
    context = {
        "faults": faults,
        "advice": passwords.advice(),
        "is_first": is_first,
        "until": staff.password_until if is_first else None,
        "is_over": is_over,
        "days": days,
    }
    return render(request, "desk/password.html", context, status=422 if faults else 200)


def _faults(request: HttpRequest, staff: Staff) -> dict[str, list[str]]:
    new = request.POST.get("new", "")
    faults = {"new": passwords.faults(new, number=staff.number, near=_near(staff))}
    if one_time.has_run_out(staff, at=clock.now()):
        assert staff.password_until is not None
        faults["current"] = [run_out_words(staff.password_until)]
    elif not staff.check_password(request.POST.get("current", "")):
        faults["current"] = [_("This is not your present password.")]
    if new == request.POST.get("current"):
        faults["new"].append(_("Choose a password that differs from the present one."))
    elif not faults["new"] and former.had(staff, new):
        faults["new"] = [_("You have had this password before. Choose one that is new.")]
    if new != request.POST.get("again", ""):
        faults["again"] = [_("The two new passwords differ.")]
    return {field: lines for field, lines in faults.items() if lines}


def _near(staff: Staff) -> list[str]:
    return [staff.name, *(word for site in sites.everything() for word in site.name.values())]
