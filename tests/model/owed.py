"""A promise in the model: plain arithmetic on a calendar that is always open."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

HOUR = timedelta(hours=1)
_made = count()


@dataclass(frozen=True)
class Policy:
    kind: str
    target: timedelta
    pauses_for: tuple[str, ...] = ()
    climbs: bool = True
    of_lead: bool = False


POLICIES = {
    "greeting": Policy("greeting", timedelta(seconds=30), climbs=False),
    "first-reply": Policy("first_reply", HOUR),
    "resolution-urgent": Policy("resolution", 2 * HOUR, ("customer", "third_party")),
    "resolution-normal": Policy("resolution", 24 * HOUR, ("customer", "third_party")),
    "resolution-low": Policy("resolution", 72 * HOUR, ("customer", "third_party")),
    "call-back-complex": Policy("call_back", 24 * HOUR, of_lead=True),
}


@dataclass
class Owed:
    """`about` names what was made by hand; `policy` is empty then."""

    kind: str
    started: datetime
    due: datetime
    debtor: str | None = None
    policy: str = ""
    about: str = ""
    state: str = "running"
    used: timedelta = timedelta()
    warnings: list[datetime] = field(default_factory=list)
    broken_at: datetime | None = None
    fulfilled_at: datetime | None = None
    ended_at: datetime | None = None
    first_due: datetime = datetime.min
    order: int = field(default_factory=lambda: next(_made))

    def __post_init__(self) -> None:
        self.first_due = self.due

    @property
    def is_owed(self) -> bool:
        ended = self.fulfilled_at is not None or self.ended_at is not None
        return self.state in ("running", "paused") or (self.state == "broken" and not ended)

    @property
    def climbs(self) -> bool:
        return self.policy == "" or POLICIES[self.policy].climbs

    def keep(self, at: datetime) -> None:
        late = self.state == "broken" or (self.state == "running" and at > self.due)
        self.broken_at = self.broken_at or (self.due if late else None)
        self.state, self.fulfilled_at = "broken" if late else "kept", at

    def end(self, at: datetime) -> None:
        self.ended_at = at
        self.state = "broken" if self.state == "broken" else "cancelled"

    def pause(self, at: datetime) -> None:
        self.used += at - self.started
        self.state = "paused"

    def resume(self, at: datetime) -> None:
        policy = POLICIES[self.policy]
        self.state, self.started = "running", at
        self.due = at + max(timedelta(), policy.target - self.used)
        self.warnings = _warnings(at, self.due, policy.target, self.used)

    def tick(self, at: datetime) -> str:
        """Return what the clock does now: `broken`, `warned` or nothing."""
        if self.state != "running" or min([self.due, *self.warnings]) > at:
            return ""
        if self.due <= at:
            self.state, self.broken_at = "broken", self.due
            return "broken"
        self.warnings = [moment for moment in self.warnings if moment > at]
        return "warned"


def by_policy(code: str, at: datetime, debtor: str | None) -> Owed:
    """Return what this policy promises at this moment."""
    policy = POLICIES[code]
    due = at + policy.target
    warnings = _warnings(at, due, policy.target, timedelta())
    return Owed(policy.kind, at, due, debtor, policy=code, warnings=warnings)


def by_hand(kind: str, about: str, at: datetime, due: datetime, debtor: str | None) -> Owed:
    """Return what somebody promises until a moment that they name."""
    return Owed(kind, at, due, debtor, about=about, warnings=until(at, due))


def until(at: datetime, due: datetime) -> list[datetime]:
    """Return when a promise warns that names its own moment."""
    return _warnings(at, due, due - at, timedelta())


def _warnings(at: datetime, due: datetime, target: timedelta, used: timedelta) -> list[datetime]:
    moments: Iterable[datetime] = [due - HOUR]
    if due - at <= HOUR:
        moments = [at + max(timedelta(), target * share - used) for share in (0.5, 0.8)]
    return sorted(moment for moment in moments if at < moment < due)
