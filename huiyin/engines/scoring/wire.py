"""The JSON side of scoring: one object in, figures or what is wrong out; nothing is raised.

Numbers may be strings ("12.5", exact) or JSON numbers; answers give decimals as strings. A refusal answers
`{"error": {"code", "params"}}`. A reason or error is a code with parameters, put into words elsewhere.
The shapes of `scheme`, `bands`, `tiers` and `values` are those of the builders of the same name.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from huiyin.engines.reason import Reason
from huiyin.engines.scoring import inputs, payout, ranges, read, scored
from huiyin.engines.scoring.error import ScoringError
from huiyin.engines.scoring.exact import plain
from huiyin.engines.scoring.ranges import Ranges
from huiyin.engines.scoring.schemes import scheme
from huiyin.engines.scoring.scored import Part, Scored


def check_json(given: object) -> dict[str, object]:
    """Check `{scheme?, bands?, tiers?, values?, month?}` and answer what is wrong with each of them.

    → `{ok, wrong: [{of, code, params}], unfilled: [{of, range}], edges: {number: amount | null}, scored}`
    `edges` states what each number where bands meet gets; `scored` is the score of `values`, or null.
    """
    return _answer(lambda: _check(given))


def pay_json(given: object) -> dict[str, object]:
    """Pay `{bands, score}`, or `{bands, scheme, values, month}` with the score worked out first.

    → `{score, band, amount, because, scored}`; nothing to judge → score, band and amount are null.
    """
    return _answer(lambda: _pay(given))


def commission_json(given: object) -> dict[str, object]:
    """Reckon `{tiers, received, marginal?}`; `received` is an amount, or {member: amount} for the team's sum.

    → `{received, marginal, amount, slices: [{tier, base, rate, amount}], because}`
    """
    return _answer(lambda: _commission(given))


def _check(given: object) -> dict[str, object]:
    fields = read.record(given, "", may=("scheme", "bands", "tiers", "values", "month"))
    if not fields.keys() & {"scheme", "bands", "tiers"}:
        raise ScoringError("nothing_to_check")
    wrong: list[dict[str, object]] = []
    found: dict[str, Ranges] = {}
    for name, build in (("bands", ranges.bands), ("tiers", ranges.tiers)):
        if name in fields:
            try:
                found[name] = build(fields[name])
            except ScoringError as refused:
                wrong.append({"of": name, **_error(refused)})
    result = None
    try:
        result = _scored_if_asked(fields)
    except ScoringError as refused:
        wrong.append({"of": "scheme", **_error(refused)})
    edges = found["bands"].edges() if "bands" in found else {}
    return {
        "ok": not wrong,
        "wrong": wrong,
        "unfilled": [{"of": of, "range": one.text()} for of, some in found.items() for one in some.unfilled],
        "edges": {plain(number): _plain(amount) for number, amount in edges.items()},
        "scored": _scored(result) if result else None,
    }


def _scored_if_asked(fields: Mapping[str, object]) -> Scored | None:
    if "scheme" not in fields:
        return None
    built = scheme(read.table(fields["scheme"], "scheme"))
    if "values" not in fields:
        return None
    month = read.text(fields.get("month"), "month")
    return scored.score(built, inputs.values(read.table(fields["values"], "values")), month)


def _pay(given: object) -> dict[str, object]:
    fields = read.record(given, "", needs=("bands",), may=("score", "scheme", "values", "month"))
    if ("score" in fields) == ("scheme" in fields):
        raise ScoringError("score_or_scheme")
    bands = ranges.bands(fields["bands"])
    if "score" in fields:
        return _paid(payout.pay(bands, read.decimal(fields["score"], "score"))) | {"scored": None}
    read.record(given, "", needs=("values", "month"), may=fields)
    result = _scored_if_asked(fields)
    if result is None or result.total is None:
        because = {} if result is None else {"because": _reason(result.because), "scored": _scored(result)}
        return {"score": None, "band": None, "amount": None, **because}
    return _paid(payout.pay(bands, result.total)) | {"scored": _scored(result)}


def _commission(given: object) -> dict[str, object]:
    fields = read.record(given, "", needs=("tiers", "received"), may=("marginal",))
    received = fields["received"]
    if isinstance(received, Mapping):
        team = read.table(received, "received")
        amount = payout.team_received(
            {who: read.decimal(one, f"received.{who}") for who, one in team.items()}
        )
    else:
        amount = read.decimal(received, "received")
    marginal = read.flag(fields.get("marginal", False), "marginal")
    earned = payout.commission(ranges.tiers(fields["tiers"]), amount, marginal=marginal)
    return {
        "received": plain(earned.received),
        "marginal": earned.marginal,
        "amount": str(earned.amount),
        "slices": [
            {"tier": one.tier, "base": plain(one.base), "rate": plain(one.rate), "amount": str(one.amount)}
            for one in earned.slices
        ],
        "because": _reason(earned.because),
    }


def _paid(paid: payout.Pay) -> dict[str, object]:
    shown = {"score": plain(paid.score), "band": paid.band, "amount": str(paid.amount)}
    return {**shown, "because": _reason(paid.because)}


def _scored(result: Scored) -> dict[str, object]:
    return {
        "total": _plain(result.total),
        "target": _plain(result.target),
        "below": result.below,
        "because": _reason(result.because),
        "raters": [
            {
                "rater": one.rater,
                "share": plain(one.share),
                "total": plain(one.total),
                "parts": [_part(part) for part in one.parts],
            }
            for one in result.raters
        ],
    }


def _part(part: Part) -> dict[str, object]:
    return {
        "code": part.code,
        "weight": plain(part.weight),
        "points": plain(part.points),
        "exempt": part.exempt,
        "because": _reason(part.because),
        "parts": [_part(one) for one in part.parts],
    }


def _reason(because: Reason) -> dict[str, object]:
    return {"code": because.code, "params": dict(because.params)}


def _error(refused: ScoringError) -> dict[str, object]:
    return {"code": refused.code, "params": dict(refused.params)}


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _answer(work: Callable[[], dict[str, object]]) -> dict[str, object]:
    try:
        return work()
    except ScoringError as refused:
        return {"error": _error(refused)}
