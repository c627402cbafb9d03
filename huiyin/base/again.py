"""What a form had said that was refused for no fault of its own: shown once more, to be sent by one button."""

import re
from typing import Any

from django.http import HttpRequest

CSRF = "csrfmiddlewaretoken"
SECRET = re.compile("password|code|token")
# A blank, or a letter beyond ASCII: no choice, number or identifier of a form has one.
FREE_WORDS = re.compile(r"[^!-~]")


def of(request: HttpRequest, *, sends: bool = True) -> dict[str, Any] | None:
    """Return the fields to send again, and the words among them; None when nothing was sent or it was all secret.

    With files, which a page cannot hand back, with a secret among the fields, or with `sends` off (nobody knows that
    the form was ours) there are only words.
    """
    marked = getattr(request, "sensitive_post_parameters", ())
    if request.method != "POST" or marked == "__ALL__":
        return None
    told = [(name, value) for name, values in request.POST.lists() for value in values if name != CSRF]
    plain = [(name, value) for name, value in told if name not in marked and not SECRET.search(name)]
    words = [value.strip() for _, value in plain if FREE_WORDS.search(value.strip())]
    may_send = sends and plain == told and not request.FILES
    return {
        "path": request.get_full_path(),
        "fields": plain if may_send else [],
        "words": "\n\n".join(words),
    }
