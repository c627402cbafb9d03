"""What stands beside a case: its tags, who follows it, and who waits to be let in."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from huiyin.base.question import Question
from huiyin.cases.models import Case, CaseTag, Mention, Watcher


@dataclass(frozen=True, slots=True)
class Aside:
    """Tags as they are spelled; the others as employee number and name."""

    tags: tuple[str, ...]
    followers: dict[str, str]
    asked: dict[str, str]


def of(case: Case) -> Aside:
    """Return what stands beside the case; one query."""
    found: dict[str, dict[str, str]] = {"tag": {}, "follows": {}, "asked": {}}
    for what, word, ref in sorted(map(tuple, _ASIDE.ask(case=case.pk))):
        found[what][ref] = word
    return Aside(tuple(found["tag"].values()), found["follows"], found["asked"])


def _aside(case: Any) -> Any:
    asked = Mention.objects.filter(case__id=case, state=Mention.ASKED)
    return _rows(CaseTag.objects.filter(case__id=case), "tag", "tag", "key").union(
        _rows(Watcher.objects.filter(case__id=case), "follows", "staff__name", "staff__number"),
        _rows(asked, "asked", "staff__name", "staff__number"),
    )


def _rows(rows: QuerySet[Any], what: str, word: str, ref: str) -> Any:
    text = TextField()
    return rows.annotate(
        what=Value(what, output_field=text), word=Cast(F(word), text), ref=Cast(F(ref), text)
    ).values_list("what", "word", "ref")


_ASIDE = Question(_aside)
