"""What a text holds: where each thing stands, as written and in one normal form."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Found:
    """One thing in a text: `value` is its normal form, `raw` the piece `start`–`end` as written."""

    kind: str
    value: str
    start: int
    end: int
    raw: str


@dataclass(frozen=True, slots=True)
class Amount(Found):
    """A sum of money; `currency` is the ISO 4217 code."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Time(Found):
    """A moment named in a text; `due` is the latest instant that it allows, in UTC.

    `sense`: "within" (2 小时内), "after" (2 小时后), "by" (周五前), "on" (明天下午), "ago" (3 天前).
    `value` is the due moment on the local wall, ISO 8601.
    """

    due: datetime
    sense: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """Everything found in one text, each tuple in reading order."""

    phones: tuple[Found, ...] = ()
    emails: tuple[Found, ...] = ()
    order_numbers: tuple[Found, ...] = ()
    waybills: tuple[Found, ...] = ()
    id_numbers: tuple[Found, ...] = ()
    amounts: tuple[Amount, ...] = ()
    names: tuple[Found, ...] = ()
    addresses: tuple[Found, ...] = ()
    urls: tuple[Found, ...] = ()
    times: tuple[Time, ...] = ()

    def spans(self) -> tuple[Found, ...]:
        """Return all of them in reading order; no two overlap."""
        everything = (
            *self.phones, *self.emails, *self.order_numbers, *self.waybills, *self.id_numbers,
            *self.amounts, *self.names, *self.addresses, *self.urls, *self.times,
        )  # fmt: skip
        return tuple(sorted(everything, key=lambda found: found.start))


@dataclass(frozen=True, slots=True)
class PromiseFound:
    """Something an agent's text commits to.

    `kind` hints at what is owed: call_back, reply, ship, refund, visit, exchange, send or resolve.
    `due` is in UTC; `start`–`end` is the clause that promises, `time` what it says about when.
    """

    kind: str
    due: datetime
    start: int
    end: int
    raw: str
    time: Time
