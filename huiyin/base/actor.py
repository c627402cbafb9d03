"""Who does something: handed down as `by`, never looked up from the surroundings."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["staff", "customer", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """`ref` is the public name (employee number, customer number, rule or clock); `id` the row, if there is one."""

    kind: ActorKind
    ref: str
    id: int | None = None


CLOCK = Actor("system", "clock")
INTAKE = Actor("system", "intake")
DISPATCH = Actor("system", "dispatch")
ASKER = Actor("system", "details")
GREETER = Actor("system", "greeting")
OPERATOR = Actor("system", "operator")
