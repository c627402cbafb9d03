"""Who follows a case, who waits to be let in, and its tags, as its page shows them in one panel."""

from typing import Any

from huiyin.cases import aside, watching
from huiyin.cases.models import Case
from huiyin.staff.viewer import Viewer


def of(case: Case, viewer: Viewer) -> dict[str, Any]:
    """Return the tags, who follows, whether the viewer does, and who waits to be let in. One query."""
    found = aside.of(case)
    return {
        "tags": found.tags,
        "followers": list(found.followers.values()),
        "follows": viewer.number in found.followers,
        "asked": list(found.asked.values()) if watching.may_let_in(case, viewer) else [],
    }
