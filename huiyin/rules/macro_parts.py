"""What a macro consists of, as packs, settings and the API write it: refused when written wrongly, never later."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from huiyin.base.texts import Text
from huiyin.engines import placeholders

# What a text of a macro may name. No value of a customer: those are for people to write, who see what they write.
NAMES = ("case.number", "case.category", "agent.name", "team.name", "site.name", "promise.due")
YEAR_S = 366 * 86_400
TAGS = 10
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PromiseStep(_Part):
    """A promise by hand. Without `seconds` a policy of the kind says by when (refund, exchange)."""

    kind: Literal["call_back", "reply", "visit", "send", "ship", "refund", "exchange", "resolution", "task"]
    seconds: int | None = Field(None, ge=60, le=YEAR_S)


class RequestStep(_Part):
    """What another department is asked, to be answered within so many seconds."""

    department: str
    subject: Text
    details: Text
    seconds: int = Field(ge=60, le=YEAR_S)


class SetStep(_Part):
    """Fields of the case that are set; empty ones stay as they are."""

    category: str = ""
    priority: Literal["", "urgent", "normal", "low"] = ""


class MacroPart(_Part):
    """Empty `teams` and `categories` offer it everywhere; a category stands for all below it."""

    name: Text
    teams: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    reply: Text | None = None
    promise: PromiseStep | None = None
    request: RequestStep | None = None
    tags: tuple[Tag, ...] = Field((), max_length=TAGS)
    sets: SetStep = SetStep()

    @model_validator(mode="after")
    def _usable(self) -> Self:
        fields = self.sets.category or self.sets.priority
        if not (self.reply or self.promise or self.request or self.tags or fields):
            raise ValueError("a macro does something: a reply, a promise, a request, tags or fields")
        texts = [self.reply, self.request and self.request.subject, self.request and self.request.details]
        for text in texts:
            for words in (text.zh, text.en) if text else ():
                _parsed(words, promises=self.promise is not None)
        return self


def _parsed(words: str, *, promises: bool) -> None:
    try:
        template = placeholders.parse(words, NAMES)
    except placeholders.PlaceholderError as error:
        told = ", ".join(f"{name} {value}" for name, value in error.params.items())
        raise ValueError(f"{error.code} at {error.position}: {told}") from None
    if "promise.due" in template.names and not promises:
        raise ValueError("promise.due needs a promise")
