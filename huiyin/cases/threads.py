"""Which case a message belongs to. Numbers in a subject never thread; a new case is the safe answer."""

from collections.abc import Sequence
from datetime import datetime

from huiyin.cases import again, contacts, merging
from huiyin.cases.models import Case
from huiyin.channels.inbound import Inbound


def find(items: Sequence[Inbound], *, at: datetime) -> list[Case | None]:
    """Return, for each message, the case that its `thread.case` names, opened on the same channel, or its session's.

    A message joins it while it is in work. For one that is closed: the case in work that follows it, else itself,
    which the new case will follow. Void cases thread nothing. A session that has ended, or began 24 hours ago,
    threads nothing either.
    """
    asked = {item.thread_case for item in items if item.thread_case}
    sessions = {(item.channel, item.thread_session) for item in items if _by_session(item)}
    if not asked and not sessions:
        return [None] * len(items)
    cases = {
        (case.number, case.channel): merging.survivor_of(case)
        for case in Case.objects.with_people().filter(number__in=asked)
    }
    of_session = {key: merging.survivor_of(case) for key, case in contacts.cases_of(sessions, at=at).items()}
    found = [
        of_session.get((item.channel, item.thread_session))
        if _by_session(item)
        else cases.get((item.thread_case, item.channel))
        for item in items
    ]
    return [_going_on(case) if case is not None else None for case in found]


def _by_session(item: Inbound) -> bool:
    return bool(item.thread_session) and not item.thread_case


def _going_on(case: Case) -> Case | None:
    if case.status == Case.CLOSED:
        return again.follower(case) or case
    return case if case.is_open else None
