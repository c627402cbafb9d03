"""Which open case a message belongs to. Numbers in a subject never thread; a new case is the safe answer."""

from collections.abc import Sequence

from huiyin.cases.models import Case
from huiyin.channels.inbound import Inbound


def find(items: Sequence[Inbound]) -> list[Case | None]:
    """Return, for each message, the case in work that its `thread.case` names, opened on the same channel."""
    asked = {item.thread_case for item in items if item.thread_case}
    if not asked:
        return [None] * len(items)
    cases = {
        (case.number, case.channel): case
        for case in Case.objects.in_work()
        .filter(number__in=asked)
        .select_related("site", "customer", "handler", "team")
    }
    return [cases.get((item.thread_case, item.channel)) for item in items]
