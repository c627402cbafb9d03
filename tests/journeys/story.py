"""What every story needs: time that passes for the web, the clock and the worker alike, and a look at the result."""

from datetime import datetime
from typing import Any

from django.test import Client

from huiyin.base import audit
from huiyin.cases import promises
from huiyin.cases.models import Case, Entry, Promise
from tests import given


class Story:
    """Lets time pass: the clock of the web, then everything that was due by then."""

    def __init__(self, traveller: Any) -> None:
        self._traveller = traveller

    def later(self, at: datetime) -> None:
        self._traveller.move_to(at)
        while promises.act_on_due(at=at):
            pass
        given.work_done(at=at)
        audit.seal()


def kinds(case: Case) -> list[str]:
    return list(Entry.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))


def state(case: Case, kind: str) -> str:
    return Promise.objects.filter(case=case, kind=kind).latest("id").state


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, body)
