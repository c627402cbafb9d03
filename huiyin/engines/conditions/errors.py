"""The one way a condition is refused."""

from collections.abc import Mapping


class ConditionError(ValueError):
    """A condition cannot be used: `path` says where in the given structure, `code` what is wrong there.

    `path` reads like `all[1].not.value`, and is empty for the whole. `params` fill the sentence for the code.
    """

    def __init__(self, path: str, code: str, params: Mapping[str, str | int] | None = None) -> None:
        super().__init__(f"{path or 'condition'}: {code}")
        self.path = path
        self.code = code
        self.params: Mapping[str, str | int] = params or {}
