"""Why an engine answered as it did: a code with parameters, put into words per viewer elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a decision: a stable `code` and the values that fill its sentence."""

    code: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)
