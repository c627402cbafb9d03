"""The one way a condition is refused."""

from huiyin.engines.conditions.written import WrittenError


class ConditionError(WrittenError):
    """A condition cannot be used; where and why as in WrittenError."""
