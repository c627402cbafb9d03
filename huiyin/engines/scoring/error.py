"""What is wrong with a scheme, with bands, with tiers or with the values given to them."""


class ScoringError(ValueError):
    """A refusal: a stable `code` and the `params` of its sentence; figures in `params` are plain strings."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params
