"""What colleagues noticed themselves: who reported it, and by which entries they are told how it ends."""

from huiyin.cases.entries import Draft
from huiyin.cases.models import OBSERVATION, Case, Entry

TOLD = {
    "resolve": "observation.answered",
    "confirm": "observation.settled",
    "void": "observation.set_aside",
}


def told_at(case: Case, move: str) -> list[Draft]:
    """Return the entry by which the reporter is told of this move; none in other cases and at other moves."""
    return [Draft(TOLD[move])] if case.kind == OBSERVATION and move in TOLD else []


def reporter_of(case: Case) -> str:
    """Return the employee number of whoever noticed it: the first entry holds their words."""
    return Entry.objects.values_list("by_ref", flat=True).get(case=case, seq=1)
