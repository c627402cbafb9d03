"""What a notice says, in the reader's language: on the desk and by API alike."""

from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.cases import escalation, told
from huiyin.notices import following
from huiyin.notices.models import Notice
from huiyin.notices.tell import SENTENCES


def sentence(notice: Notice) -> str:
    """Return what this notice tells its person."""
    said = {
        **notice.params,
        "case": notice.case_number,
        "promise": told.promise_name(notice.params.get("promise", "")),
        "subject": told.subject(notice.params.get("subject", "")),
        "what": following.what_words(notice.params),
        "next": _next_of(notice),
        "cause": str(escalation.CAUSES.get(notice.params.get("cause", ""), "")),
    }
    return str(SENTENCES[notice.kind]) % said


def next_words(kind: str, due: datetime | None) -> str:
    """Return what breaks next, by kind and time."""
    return f"{told.promise_name(kind)}, {told.moment(due)}" if due else _("nothing owed")


def _next_of(notice: Notice) -> str:
    if notice.kind != "overload.reported":
        return ""
    due = notice.params["due"]
    return next_words(notice.params["promise"], datetime.fromisoformat(due) if due else None)
