"""How long it takes to build a procedure of 20 stages, to ask what may follow, and to draw it."""

from collections.abc import Callable

from huiyin.engines import procedures
from huiyin.engines.conditions import Fact, FactType
from huiyin.engines.procedures import Known

_KNOWN = Known(roles={"agent", "lead"}, facts={"paid": Fact("paid", FactType.YES_NO)})
_LABEL = {"zh": "下一步", "en": "Next"}
_IF_PAID = {"fact": "paid", "op": "is", "value": True}


def _stage(number: int) -> dict[str, object]:
    stage: dict[str, object] = {"key": f"s{number}", "label": _LABEL, "who": ["agent"]}
    if number == 19:
        return {**stage, "final": True}
    steps: list[dict[str, object]] = [{"to": f"s{number + 1}", "label": _LABEL, "when": _IF_PAID}]
    if number:
        steps.append({"to": f"s{number - 1}", "label": _LABEL, "back": True, "by": ["lead"]})
    return {**stage, "next": steps}


_WRITTEN = {"start": "s0", "stages": [_stage(number) for number in range(20)]}
_PROCEDURE = procedures.build(_WRITTEN, _KNOWN)

CASES: list[tuple[str, Callable[[], object]]] = [
    ("build 20 stages", lambda: procedures.build(_WRITTEN, _KNOWN)),
    ("offers of one stage", lambda: _PROCEDURE.offers("s9", facts={"paid": False}, roles={"agent"})),
    ("draw 20 stages", lambda: procedures.diagram(_PROCEDURE, language="zh")),
]
