"""How far a matter has come: counted by its code, told in words, once."""

import pytest

from huiyin.cases import progress, records
from huiyin.cases.models import Entry
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_progress_is_noted_on_the_desk_once_and_stands_in_the_timeline_and_the_record() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    client = given.at_desk(alice)
    for _ in range(2):
        said = {"progress": "waiting_for_parts", "text": "主板到货后联系", "client_id": "p1"}
        assert client.post(f"/desk/cases/{case.number}/progress", said).status_code == 302
    (entry,) = Entry.objects.filter(case=case, kind="progress.noted")
    assert (entry.payload["progress"], entry.audience) == ("waiting_for_parts", "staff")
    # What is chosen stands apart from what the page fetches again by itself.
    assert 'id="progress"' in client.get(f"/desk/cases/{case.number}").content.decode()
    assert 'id="progress"' not in client.get(f"/desk/cases/{case.number}/timeline").content.decode()
    client.post("/language", {"language": "en"})
    page = client.get(f"/desk/cases/{case.number}").content.decode()
    assert "progress: waiting for parts" in page and "主板到货后联系" in page
    assert any(step.text == "主板到货后联系" for step in records.of(given.fresh(case), plain=True).follow_up)


def test_a_program_notes_progress_without_words_but_no_reply_without_them() -> None:
    case = given.a_case()
    client = given.with_token(given.a_token("all"))
    path = f"/api/v1/cases/{case.number}/entries"

    def answer(**body: str) -> tuple[int, object]:
        found = client.post(path, given.as_json(body), content_type="application/json")
        return found.status_code, found.json().get("fields", {}).keys()

    assert answer(kind="progress", progress="contacted")[0] == 201
    assert answer(kind="progress", progress="dancing") == (422, {"progress"})
    assert answer(kind="reply", text=" ")[0] == 422
    assert Entry.objects.filter(case=case, kind="progress.noted").count() == 1


def test_nothing_progresses_in_a_case_that_is_over() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="closed")
    with pytest.raises(MoveNotAllowed):
        progress.note(case, "contacted", "", by=given.actor(alice), at=MONDAY_9)
    with pytest.raises(Invalid):
        progress.note(case, "dancing", "", by=given.actor(alice), at=MONDAY_9)
