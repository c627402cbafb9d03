"""What others do in a case, as its page shows it in one panel."""

from typing import Any

from huiyin.cases import procedure, told
from huiyin.cases.kinds import REQUEST_STATES
from huiyin.cases.models import Case


def of(case: Case) -> dict[str, Any]:
    """Return the stage of the procedure and the open requests of a case that the viewer may see; one query.

    Who may see a case may see what others are asked for in it.
    """
    waiting = case.collaborations.pending().select_related("department")
    requests = [
        {
            "department": str(one.department),
            "subject": told.subject(one.subject),
            "state_words": REQUEST_STATES[one.state],
        }
        for one in waiting.order_by("id")[:20]
    ]
    stage = procedure.label(case.procedure, case.stage) if case.procedure else ""
    return {"stage": stage, "requests": requests}
