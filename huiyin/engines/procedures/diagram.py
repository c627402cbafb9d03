"""A procedure drawn as Mermaid text, for the documentation and the configuration screens."""

from collections.abc import Mapping
from typing import Literal

from huiyin.engines.procedures.procedure import Procedure, Stage, Step

_ESCAPES = str.maketrans(
    {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "\n": " ", "\r": " ", "`": "#96;", "|": "#124;"}
)


def diagram(procedure: Procedure, *, language: Literal["zh", "en"]) -> str:
    """Return a Mermaid flowchart: final stages rounded, steps back dashed, labels in `language`.

    Labels are escaped, keys are prefixed since some words (`end`, `class`) mean something to Mermaid.
    """
    lines = ["flowchart TD", f"    start(( )) --> s_{procedure.start}"]
    lines += [f"    {_node(stage, language)}" for stage in procedure.stages]
    for stage in procedure.stages:
        lines += [f"    {_arrow(stage, step, language)}" for step in stage.steps]
    return "\n".join(lines) + "\n"


def _node(stage: Stage, language: str) -> str:
    text = _quoted(stage.label, language)
    return f"s_{stage.key}([{text}])" if stage.final else f"s_{stage.key}[{text}]"


def _arrow(stage: Stage, step: Step, language: str) -> str:
    line = "-.->" if step.back else "-->"
    return f"s_{stage.key} {line}|{_quoted(step.label, language)}| s_{step.to}"


def _quoted(label: Mapping[str, str], language: str) -> str:
    return f'"{label[language].translate(_ESCAPES)}"'
