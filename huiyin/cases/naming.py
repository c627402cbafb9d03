"""Who is named with @ in a text: by employee number or by name."""

import re
from collections.abc import Sequence

from django.db.models import Q

from huiyin.staff.models import Staff

AT_MOST = 20
LONGEST = 30
# What stands before the sign must not make it an address of mail; Chinese is written without spaces.
_AT = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠](?=\S)")
_LETTER = re.compile(r"[A-Za-z0-9]")


def named(text: str) -> list[Staff]:
    """Return the people at work here whom the text names, each once, in order. No query without a sign, one with.

    The longest number or name counts, numbers before names; a name that two people share names neither.
    """
    runs = [text[found.end() : found.end() + LONGEST + 1] for found in _AT.finditer(text)][:AT_MOST]
    if not runs:
        return []
    starts = {run[:n] for run in runs for n in range(1, min(len(run), LONGEST) + 1)}
    people = list(
        Staff.objects.filter(Q(number__in=starts) | Q(name__in=starts), kind="person", is_active=True)
    )
    found = (_meant(run, people) for run in runs)
    return list(dict.fromkeys(person for person in found if person is not None))


def _meant(run: str, people: Sequence[Staff]) -> Staff | None:
    by_number = [(person.number, person) for person in people if _begins(run, person.number)]
    by_name = [(person.name, person) for person in people if _begins(run, person.name)]
    longest = max((len(word) for word, _ in (*by_number, *by_name)), default=0)
    for words in (by_number, by_name):
        meant = {person for word, person in words if len(word) == longest}
        if meant:
            return meant.pop() if len(meant) == 1 else None
    return None


def _begins(run: str, word: str) -> bool:
    if not word or not run.startswith(word):
        return False
    # “@CS20240010” is not “@CS2024001” with something behind it; after a Chinese name the sentence goes on.
    return not (_LETTER.match(word[-1]) and _LETTER.match(run[len(word) : len(word) + 1]))
