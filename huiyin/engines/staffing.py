"""How many agents a queue needs (Erlang C), and what a given number of them achieves.

Calls arrive at random, wait in one line for as long as it takes, and are served by equal agents.
Formulas: A. K. Erlang's loss and delay formulas, with the usual recursion for B, and C derived from B.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

MOST_AGENTS = 10_000
LARGEST = 1e300
USUAL_TARGET = 0.8
USUAL_WITHIN_S = 20.0


class StaffingError(ValueError):
    """A value that cannot be reckoned with: a stable `code` and the `params` of its sentence."""

    def __init__(self, code: str, **params: str | int | float) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Demand:
    """`calls` arriving in `interval_s` seconds, each keeping an agent for `aht_s` seconds on average."""

    calls: float
    interval_s: float
    aht_s: float

    def __post_init__(self) -> None:
        _number("calls", self.calls, least=0)
        _number("interval_s", self.interval_s, least=0)
        _number("aht_s", self.aht_s, least=0)
        if self.interval_s == 0:
            raise StaffingError("interval_empty")
        _number("load", self.load, least=0)

    @property
    def load(self) -> float:
        """The offered load in erlangs: how many agents would be busy if nobody ever waited."""
        return self.calls * self.aht_s / self.interval_s


@dataclass(frozen=True, slots=True)
class Service:
    """What callers meet: shares are 0 to 1; `asa_s`, the average wait, may be infinite."""

    agents: int
    service_level: float
    asa_s: float
    occupancy: float
    wait_probability: float


def erlang_b(load: float, agents: int) -> float:
    """Return the share of calls lost when nobody can wait, for `load` erlangs.

    B(0) = 1 and B(n) = aB(n-1) / (n + aB(n-1)), which never overflows. Raises StaffingError.
    """
    _number("load", load, least=0)
    _agents(agents)
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """Return the share of calls that must wait; 1 when the load is not below the number of agents.

    C = nB / (n - a(1 - B)). Raises StaffingError.
    """
    return _waiting(load, agents, erlang_b(load, agents))


def measure(demand: Demand, agents: int, *, within_s: float = USUAL_WITHIN_S) -> Service:
    """Return the service that `agents` give; `service_level` is the share answered within `within_s` seconds.

    A load of at least `agents` is never worked off: service level 0, infinite wait, everyone waits.
    No calls are served perfectly by any number. Raises StaffingError.
    """
    _number("within_s", within_s, least=0)
    return _service(demand, agents, within_s, erlang_b(demand.load, agents))


def needed(
    demand: Demand,
    target: float = USUAL_TARGET,
    within_s: float = USUAL_WITHIN_S,
    max_occupancy: float | None = None,
) -> Service:
    """Return the service of the fewest agents that reach `target` within `within_s` seconds.

    The queue must also clear (more agents than erlangs) and nobody may be busier than `max_occupancy`.
    No calls need nobody; calls that take no time need one. Raises StaffingError: no finite number gives
    100 % (`target_never_reached`), and more than 10,000 are not looked for (`too_many_agents`).
    """
    _share("target", target)
    _number("within_s", within_s, least=0)
    if max_occupancy is not None:
        _share("max_occupancy", max_occupancy)
    if target == 1 and demand.load > 0:
        raise StaffingError("target_never_reached", target=target)
    busiest = 1.0 if max_occupancy is None else max_occupancy
    blocked = 1.0
    for agents in range(MOST_AGENTS + 1):
        if agents:
            blocked = demand.load * blocked / (agents + demand.load * blocked)
        if agents <= demand.load and demand.calls > 0:
            continue
        found = _service(demand, agents, within_s, blocked)
        if found.service_level >= target and found.occupancy <= busiest:
            return found
    raise StaffingError("too_many_agents", load=demand.load, most=MOST_AGENTS)


def answer_json(question: Mapping[str, object]) -> dict[str, object]:
    """Answer `{calls, interval_s, aht_s, target?, within_s?, agents?, max_occupancy?}` as JSON values.

    With `agents` their service is measured (`target` and `max_occupancy` play no part), else the fewest are
    searched (0.8 within 20 s unless given). `asa_s` is null when the wait never ends.
    What is wrong comes back as `{"error": {"code", "params"}}`; nothing is raised.
    """
    try:
        service = _answer(question)
    except StaffingError as wrong:
        return {"error": {"code": wrong.code, "params": dict(wrong.params)}}
    return {
        "agents": service.agents,
        "service_level": service.service_level,
        "asa_s": None if math.isinf(service.asa_s) else service.asa_s,
        "occupancy": service.occupancy,
        "wait_probability": service.wait_probability,
    }


def _answer(question: Mapping[str, object]) -> Service:
    given = {name: value for name, value in question.items() if value is not None}
    unknown = given.keys() - {"calls", "interval_s", "aht_s", "target", "within_s", "agents", "max_occupancy"}
    if unknown:
        raise StaffingError("field_unknown", field=min(unknown))
    demand = Demand(*(_read(given, name) for name in ("calls", "interval_s", "aht_s")))
    target = _read(given, "target", USUAL_TARGET)
    within_s = _read(given, "within_s", USUAL_WITHIN_S)
    _share("target", target)
    busiest = _read(given, "max_occupancy", 1.0)
    if "agents" not in given:
        return needed(demand, target, within_s, busiest)
    _share("max_occupancy", busiest)
    agents = _read(given, "agents")
    if agents != int(agents):
        raise StaffingError("not_whole", field="agents", value=agents)
    return measure(demand, int(agents), within_s=within_s)


def _read(given: Mapping[str, object], name: str, usual: float | None = None) -> float:
    value = given.get(name, usual)
    if value is None:
        raise StaffingError("field_missing", field=name)
    return _number(name, value, least=0)


def _service(demand: Demand, agents: int, within_s: float, blocked: float) -> Service:
    if demand.calls == 0 or (demand.load == 0 and agents > 0):
        return Service(agents, 1.0, 0.0, 0.0, 0.0)
    spare = agents - demand.load
    if spare <= 0:
        return Service(agents, 0.0, math.inf, 1.0, 1.0)
    waiting = _waiting(demand.load, agents, blocked)
    return Service(
        agents=agents,
        service_level=1 - waiting * math.exp(-spare * within_s / demand.aht_s),
        asa_s=waiting * demand.aht_s / spare,
        occupancy=demand.load / agents,
        wait_probability=waiting,
    )


def _waiting(load: float, agents: int, blocked: float) -> float:
    if load >= agents:
        return 1.0
    return agents * blocked / ((agents - load) + load * blocked)


def _number(name: str, value: object, *, least: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StaffingError("not_a_number", field=name, value=str(value))
    if not abs(value) <= LARGEST:  # also true of NaN, and of whole numbers beyond a float's reach
        raise StaffingError("not_finite", field=name)
    if value < least:
        raise StaffingError("too_small", field=name, value=value, least=least)
    return float(value)


def _share(name: str, value: float) -> None:
    _number(name, value, least=0)
    if value > 1:
        raise StaffingError("too_large", field=name, value=value, most=1)


def _agents(agents: int) -> None:
    if isinstance(agents, bool) or not isinstance(agents, int):
        raise StaffingError("not_whole", field="agents", value=str(agents))
    _number("agents", agents, least=0)
    if agents > MOST_AGENTS:
        raise StaffingError("too_many_agents", agents=agents, most=MOST_AGENTS)
