"""POST /inbound/batch: many messages in one call, each kept or refused on its own."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.db import DataError
from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.views.inbound import InboundIn, answer, check_channel, refusal, value_of
from huiyin.base import clock, files, tx
from huiyin.base.problem import Problem, busy, unavailable
from huiyin.channels.inbound import Inbound
from huiyin.intake import house, writer
from huiyin.intake.accept import Accepted, UnknownChannel
from huiyin.rules import book as rulebook
from huiyin.rules.book import Book
from huiyin.staff.viewer import Viewer

MOST = 1000
LIMIT_BYTES = 16 << 20
router = Router(auth=Bearer("inbound:write", body_bytes=LIMIT_BYTES), tags=["inbound"])
Told = dict[str, Any]
log = structlog.get_logger("intake")


class BatchIn(BaseModel):
    """`items` are bodies of POST /inbound. Each is checked on its own, so here they may be anything."""

    model_config = ConfigDict(extra="forbid")

    items: list[Any] = Field(min_length=1, max_length=MOST)


@router.post("", response={200: dict}, summary="Take in up to 1,000 messages")
def take_in_many(request: HttpRequest, body: BatchIn) -> Status[Told]:
    """Answer `{"results": […]}`: for each item, in order, its status and what POST /inbound would have said.

    A refusal stands under `error` with its index; it keeps nothing of its item and touches no other.
    """
    viewer = viewer_of(request)
    checked = [_checked(given, viewer) for given in body.items]
    items = [one for one in checked if isinstance(one, Inbound)]
    accepted = writer.submit_many(items, at=clock.now())
    if accepted and all(isinstance(one, tx.Busy | tx.Unavailable) for one in accepted):
        raise busy() if isinstance(accepted[0], tx.Busy) else unavailable()
    book = rulebook.at_hand()
    told = iter(_told(item, outcome, book) for item, outcome in zip(items, accepted, strict=True))
    results = [next(told) if isinstance(one, Inbound) else _refused(one) for one in checked]
    for index, result in enumerate(results):
        if "error" in result:
            result["error"]["index"] = index
    return Status(200, {"results": results})


def _checked(given: Any, viewer: Viewer) -> Inbound | Problem:
    try:
        body = InboundIn.model_validate(given)
        item = value_of(body, channel=body.channel, external_id=body.external_id)
        check_channel(viewer, item.channel)
        house.accounts({item.channel})
        for attached in item.attachments:
            files.check_size(attached.name, attached.payload)
    except ValidationError as error:
        return _invalid(error)
    except Problem as problem:
        return problem
    except (UnknownChannel, files.FileRefused) as error:
        return refusal(item, error)
    return item


def _told(item: Inbound, outcome: Accepted | Exception, book: Book) -> Told:
    match outcome:
        case Accepted():
            status, body = answer(outcome, book)
            return {"status": status, **body}
        case UnknownChannel() | files.FileRefused():
            return _refused(refusal(item, outcome))
        case tx.Busy():
            return _refused(busy())
        case tx.Unavailable():
            return _refused(unavailable())
        case DataError():
            return _refused(Problem(400, "bad_request", "The store cannot hold this; nothing was kept."))
    log.error("a message of a batch failed", exc_info=outcome)
    return _refused(Problem(500, "failed", "It could not be taken in; nothing was kept. Send it again."))


def _refused(problem: Problem) -> Told:
    kept: Mapping[str, Any] = problem.body
    return {
        "status": problem.status,
        "error": {name: kept[name] for name in ("code", "detail", "fields") if name in kept},
    }


def _invalid(error: ValidationError) -> Problem:
    fields = {".".join(map(str, one["loc"])) or "item": one["msg"] for one in error.errors()}
    return Problem(422, "invalid", "Some fields cannot be used; nothing was kept.", fields=fields)
