"""What business time refuses to answer, and why."""


class CalendarError(ValueError):
    """A definition or a holiday table that cannot be used.

    The message names the key and what is wrong with it; `code` and `params` say the same for a
    viewer's language. `params["key"]` is always there.
    """

    def __init__(self, code: str, key: str, problem: str, **params: str | int) -> None:
        super().__init__(f"{key}: {problem}")
        self.code = code
        self.params: dict[str, str | int] = {"key": key, **params}


class NeverOpen(Exception):
    """The calendar has no opening, or no working day, within 366 days of a point."""


class UnknownYear(Exception):
    """The answer depends on the holidays of a `year` that nobody has announced."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year

    def __str__(self) -> str:
        return f"the holidays of {self.year} are not known"
