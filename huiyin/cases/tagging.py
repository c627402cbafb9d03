"""Tags: words that teams put on cases, written freely, compared without regard to case and width."""

import unicodedata
from datetime import datetime

from django.db.models import Count, Min

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, CaseTag
from huiyin.cases.typed import Invalid
from huiyin.staff.viewer import Viewer

LONGEST = 40
PER_CASE = 20
LOOKED_AT = 2000


def tag(case: Case, word: str, *, by: Actor, at: datetime) -> str:
    """Put the word on the case and return it as it is kept; a second call, however it is spelled, does nothing.

    Raises Invalid: `tag` (missing, too_long) or `tags` (too_many).
    """
    word = _kept(word)
    key = key_of(word)
    with tx.write():
        lock(case, None)
        there = dict(CaseTag.objects.filter(case=case).values_list("key", "tag"))
        if key in there:
            return there[key]
        if len(there) >= PER_CASE:
            raise Invalid(tags="too_many")
        CaseTag.objects.create(case=case, tag=word, key=key)
        entries.append(case, [Draft("tag.added", {"tag": word})], by=by, at=at)
    return word


def untag(case: Case, word: str, *, by: Actor, at: datetime) -> bool:
    """Take the word away, however it is spelled; return whether it was there."""
    with tx.write():
        lock(case, None)
        row = CaseTag.objects.filter(case=case, key=key_of(word)).first()
        if row is None:
            return False
        row.delete()
        entries.append(case, [Draft("tag.removed", {"tag": row.tag})], by=by, at=at)
    return True


def key_of(word: str) -> str:
    """Return what a word is compared by."""
    return unicodedata.normalize("NFKC", _plain(word).casefold())  # folding may take a letter apart again


def suggested(viewer: Viewer, begins: str = "", *, limit: int = 20) -> list[str]:
    """Return tags of cases that this viewer may see, the most used first: one spelling of each. One query.

    Only the two thousand that were given last are looked at, however many there are.
    """
    latest = CaseTag.objects.order_by("-pk").values("pk")[:LOOKED_AT]
    rows = CaseTag.objects.filter(pk__in=latest, case__in=Case.objects.visible_to(viewer))
    if begins.strip():
        rows = rows.filter(key__startswith=key_of(begins))
    used = rows.values("key").annotate(word=Min("tag"), n=Count("id")).order_by("-n", "key")
    return [row["word"] for row in used[:limit]]


def _kept(word: str) -> str:
    word = _plain(word)
    if not word:
        raise Invalid(tag="missing")
    if len(word) > LONGEST:
        raise Invalid(tag="too_long")
    return word


def _plain(word: str) -> str:
    word = " ".join(unicodedata.normalize("NFKC", word).split())
    return "".join(letter for letter in word if unicodedata.category(letter)[0] != "C").strip()
