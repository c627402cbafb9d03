"""How a form is refused, and how a value is."""

from collections.abc import Mapping

from huiyin.engines.reason import Reason


class FormError(ValueError):
    """A form cannot be used: `path` says where in the given structure, `code` what is wrong there.

    `path` reads like `fields[2].shown_when.all[0].fact`. `params` fill the sentence for the code.
    """

    def __init__(self, path: str, code: str, params: Mapping[str, str | int] | None = None) -> None:
        super().__init__(f"{path or 'form'}: {code}")
        self.path = path
        self.code = code
        self.params: Mapping[str, str | int] = params or {}


class WrongValueError(ValueError):
    """A value does not fit its field; caught where a form is checked, it never leaves the package."""

    def __init__(self, code: str, **params: str | int | float) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)
