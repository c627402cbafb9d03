"""Find everything in a text, the surest first; what is taken once is not read again as something else."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from huiyin.engines import businesstime
from huiyin.engines.extract import addresses, amounts, names, numbers, phones, web
from huiyin.engines.extract.found import Extracted, Found
from huiyin.engines.extract.page import lay_out
from huiyin.engines.extract.times import times
from huiyin.engines.extract.times.when import when

F = TypeVar("F", bound=Found)


def extract(
    text: str, *, at: datetime, zone: ZoneInfo, calendar: businesstime.Calendar | None = None
) -> Extracted:
    """Return all that a text states, with positions in code points of the text as given.

    Moments are read relative to `at` (aware) on the wall of `zone`; days end with the calendar's last
    period, at 18:00 without one. Linear in the length of the text. Raises ValueError for a naive `at`.
    """
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    page = lay_out(text)
    emails = _in_order(web.emails(page))
    urls = _in_order(web.urls(page))
    id_numbers = _in_order(numbers.id_numbers(page))
    things = _in_order(numbers.orders_and_waybills(page))
    return Extracted(
        emails=emails,
        urls=urls,
        id_numbers=id_numbers,
        waybills=tuple(number for number in things if number.kind == "waybill"),
        order_numbers=tuple(number for number in things if number.kind == "order_number"),
        amounts=_in_order(amounts.amounts(page)),
        phones=_in_order(phones.phones(page)),
        addresses=_in_order(addresses.addresses(page)),
        times=_in_order(times(page, when(at, zone, calendar))),
        names=_in_order(names.names(page)),
    )


def _in_order(found: Iterable[F]) -> tuple[F, ...]:
    return tuple(sorted(found, key=lambda item: item.start))
