"""How a procedure is refused, and how a step in it is."""

from huiyin.engines.conditions import WrittenError
from huiyin.engines.reason import Reason


class ProcedureError(WrittenError):
    """A procedure, or a condition in it, cannot be used; where and why as in WrittenError."""


class UnknownStageError(LookupError):
    """A case stands in a stage that the procedure does not have, or no longer has."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no stage {key}")
        self.key = key


class StepNotOpenError(ValueError):
    """A step may not be taken; `because` holds every ground."""

    def __init__(self, because: tuple[Reason, ...]) -> None:
        super().__init__(", ".join(reason.code for reason in because))
        self.because = because
