"""Who follows a case, who waits to be let in, and its tags, as its page shows them in one panel."""

from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from huiyin.cases import watching
from huiyin.cases.models import Case, CaseTag, Mention, Watcher
from huiyin.staff.viewer import Viewer


def of(case: Case, viewer: Viewer) -> dict[str, Any]:
    """Return the tags, who follows, whether the viewer does, and who waits to be let in. One query."""
    asked = Mention.objects.filter(case=case, state=Mention.ASKED)
    rows = _rows(CaseTag.objects.filter(case=case), "tag", "tag", "key").union(
        _rows(Watcher.objects.filter(case=case), "follows", "staff__name", "staff__number"),
        _rows(asked, "asked", "staff__name", "staff__number"),
    )
    found: dict[str, dict[str, str]] = {"tag": {}, "follows": {}, "asked": {}}
    for what, word, ref in sorted(rows):
        found[what][ref] = word
    return {
        "tags": list(found["tag"].values()),
        "followers": list(found["follows"].values()),
        "follows": viewer.number in found["follows"],
        "asked": list(found["asked"].values()) if watching.may_let_in(case, viewer) else [],
    }


def _rows(rows: QuerySet[Any], what: str, word: str, ref: str) -> Any:
    text = TextField()
    return rows.annotate(
        what=Value(what, output_field=text), word=Cast(F(word), text), ref=Cast(F(ref), text)
    ).values_list("what", "word", "ref")
