"""How long it takes to read a text when it is saved and to fill it when it is sent."""

from collections.abc import Callable

from huiyin.engines import placeholders

_NAMES = ("customer.name", "case.number", "agent.name", "promise.due")
_TEXT = "{customer.name}，您好：{case.number} 已由 {agent.name} 处理，{promise.due} 前回复您。" * 20
_VALUES = dict.fromkeys(_NAMES, "王女士 {agent.name}")
_TEMPLATE = placeholders.parse(_TEXT, _NAMES)
_HOSTILE = "\\" * 49_999 + "{"

CASES: list[tuple[str, Callable[[], object]]] = [
    ("parse 80 names in 1,300 characters", lambda: placeholders.parse(_TEXT, _NAMES)),
    ("fill 80 names", lambda: _TEMPLATE.fill(_VALUES)),
    ("parse 50,000 backslashes and a brace", lambda: placeholders.parse(_HOSTILE, _NAMES)),
]
