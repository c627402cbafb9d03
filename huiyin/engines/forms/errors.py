"""How a form is refused, and how a value is."""

from huiyin.engines.conditions import WrittenError
from huiyin.engines.reason import Reason


class FormError(WrittenError):
    """A form, or a condition in it, cannot be used; where and why as in WrittenError."""


class WrongValueError(ValueError):
    """A value does not fit its field; caught where a form is checked, it never leaves the package."""

    def __init__(self, code: str, **params: str | int | float) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)
