"""What a list tells beside each of its cases: what was promised and the tags, one kept question for each.

Hand in cases that the viewer may see.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from huiyin.base.question import Question, made
from huiyin.cases.models import Case, CaseTag, Promise

# In the order of the model.
_TOLD = ["id", "uuid", "case_id", "kind", "due_at", "first_due", "state", "provisional", "fulfilled_at"]


def promises_of(cases: Sequence[Case]) -> Mapping[int, list[Promise]]:
    """Return the promises of each case by its row, the oldest first, with no other column than a list tells."""
    found = defaultdict[int, list[Promise]](list)
    for values in _PROMISES.ask(cases=[case.pk for case in cases]):
        promise = made(Promise, values, _TOLD)
        found[promise.case_id].append(promise)
    return found


def tags_of(cases: Sequence[Case]) -> Mapping[int, list[str]]:
    """Return the tags of each case by its row, the oldest first."""
    found = defaultdict[int, list[str]](list)
    for case, tag in _TAGS.ask(cases=[case.pk for case in cases]):
        found[case].append(tag)
    return found


def _promises(cases: Any) -> QuerySet[Promise, tuple[Any, ...]]:
    return Promise.objects.filter(case__id__in=cases).order_by("id").values_list(*_TOLD)


def _tags(cases: Any) -> QuerySet[CaseTag, tuple[Any, ...]]:
    return CaseTag.objects.filter(case__id__in=cases).order_by("id").values_list("case_id", "tag")


_PROMISES, _TAGS = Question(_promises), Question(_tags)
