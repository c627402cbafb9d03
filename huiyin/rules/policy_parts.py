"""What a promise policy consists of, as packs, pages and the API write it: refused when written wrongly."""

from collections.abc import Collection, Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

YEAR_S = 366 * 86_400
Priority = Literal["urgent", "normal", "low"]
Wire = Literal["form", "api", "chat", "phone", "email", "wecom", "wechat", "sms", "shop", "manual"]
Warn = Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]?%|[1-9][0-9]{0,3}[smhd])$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class PromisePart(BaseModel):
    """When something is owed, by whom and by when. One length: seconds, working days with or without a cut-off, a
    cut-off alone, or two days of the month. Empty categories, channels and priorities mean all of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    seconds: int | None = Field(None, ge=1, le=YEAR_S)
    average_s: int | None = Field(None, ge=1, le=YEAR_S)
    opens: Literal["case", "message", "resolved", "service_end", "hand", "stage"] = "case"
    debtor: Literal["handler", "owner", "lead"] = "handler"
    climbs: bool = True
    only_complex: bool = False
    working_days: int | None = Field(None, ge=0, le=366)
    not_before_days: int | None = Field(None, ge=0, le=366)
    month_days: tuple[int, ...] = Field((), max_length=2)
    cut_off: str = Field("", pattern=r"^(|([01][0-9]|2[0-3]):[0-5][0-9])$")
    calendar: str = Field("", max_length=60)
    channels: tuple[Wire, ...] = ()
    categories: tuple[Code, ...] = ()
    not_categories: tuple[Code, ...] = ()
    priorities: tuple[Priority, ...] = ()
    pauses_for: tuple[Literal["customer", "third_party", "scheduled"], ...] = ()
    warn: tuple[Warn, ...] = Field((), max_length=10)

    @model_validator(mode="after")
    def _one_term(self) -> Self:
        in_days = self.working_days is not None or bool(self.cut_off)
        if (self.seconds is not None) + in_days + bool(self.month_days) != 1:
            raise _wrong(
                "seconds", "give seconds, or working days and/or a cut-off, or two days of the month"
            )
        if self.not_before_days is not None and not self.not_before_days <= (self.working_days or -1):
            words = "a window opens on a working day before the one on which it ends"
            raise _wrong("not_before_days", words)
        if self.month_days and not (
            len(self.month_days) == 2 and 1 <= self.month_days[0] <= self.month_days[1] <= 31
        ):
            raise _wrong("month_days", "days of the month are the first and the last, in order")
        return self


def strangers(
    part: PromisePart, *, categories: Collection[str], calendars: Collection[str]
) -> Mapping[str, list[str]]:
    """Return by field what the policy names and is not there; `always` and `site` are there always."""
    named = {
        "categories": set(part.categories) - set(categories),
        "not_categories": set(part.not_categories) - set(categories),
        "calendar": {part.calendar} - {"", "always", "site"} - set(calendars),
    }
    return {field: sorted(unknown) for field, unknown in named.items() if unknown}


def _wrong(field: str, words: str) -> PydanticCustomError:
    # What is wrong with a policy as a whole is told at the field to look at first.
    return PydanticCustomError("policy", words, {"field": field})
