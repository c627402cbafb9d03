"""The life cycle as a table: which moves there are, what they leave and enter, and who may make them."""

from dataclasses import dataclass
from datetime import timedelta

from huiyin.cases.models import Case

NEW, OPEN, WAITING, RESOLVED, CLOSED, VOID = Case.STATUSES


@dataclass(frozen=True, slots=True)
class Move:
    """`needs` is the right a staff member must hold; `by_customer` says whether a customer may do it too.

    `within` limits how long after the case was closed or voided the move may still begin.
    """

    name: str
    leaves: tuple[str, ...]
    enters: str
    entry: str
    needs: str = "case.work"
    by_customer: bool = False
    within: timedelta | None = None


MOVES = {
    move.name: move
    for move in (
        Move("accept", (NEW,), OPEN, "case.accepted"),
        Move("wait", (OPEN,), WAITING, "case.waited"),
        Move("resume", (WAITING,), OPEN, "case.resumed", by_customer=True),
        Move("resolve", (OPEN, WAITING), RESOLVED, "case.resolved"),
        Move("confirm", (RESOLVED,), CLOSED, "case.confirmed", by_customer=True),
        Move("dispute", (RESOLVED,), OPEN, "case.disputed", by_customer=True),
        Move("reopen", (CLOSED,), OPEN, "case.reopened", by_customer=True, within=timedelta(days=30)),
        Move("void", (NEW, OPEN, WAITING), VOID, "case.voided", needs="case.void"),
        Move("restore", (VOID,), OPEN, "case.restored", needs="case.void", within=timedelta(days=7)),
    )
}


class MoveNotAllowed(Exception):
    """The case is not where this move begins. Nothing was changed."""

    def __init__(self, move: str, status: str) -> None:
        super().__init__(f"{move} does not begin at {status}")
        self.move = move
        self.status = status


class Stale(Exception):
    """Somebody changed the case since it was seen. Nothing was changed; `version` is the present one."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the case is now at version {version}")
        self.version = version


def diagram() -> str:
    """Return the life cycle as Mermaid text, for the documentation."""
    lines = [
        f"    {leaves} --> {move.enters}: {move.name}" for move in MOVES.values() for leaves in move.leaves
    ]
    return "\n".join(["stateDiagram-v2", "    [*] --> new", *lines])
