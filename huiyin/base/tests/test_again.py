"""What was typed into a form is there again when the form was refused for no fault of its own."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.views.decorators.debug import sensitive_post_parameters

from huiyin.base import again, tx
from huiyin.base.web import Conduct

HTML = {"Accept": "text/html"}
TYPED = {"act": "escalate", "reason": "客户 要求主管回电", "version": "3", "csrfmiddlewaretoken": "x"}


def refused(request: Any) -> str:
    answer = Conduct(lambda _: None).process_exception(request, tx.Busy())  # type: ignore[arg-type, return-value]
    assert answer is not None and answer.status_code == 503 and answer["Cache-Control"] == "no-store"
    return answer.content.decode()


def test_a_busy_store_gives_back_what_was_typed_with_a_button_that_sends_all_of_it() -> None:
    page = refused(RequestFactory().post("/desk/cases/1/together/act", TYPED, headers=HTML))
    assert 'action="/desk/cases/1/together/act"' in page
    assert page.count("客户 要求主管回电") == 2  # to be read, and to be sent
    assert 'name="act" value="escalate"' in page and 'name="version" value="3"' in page
    assert page.split("again-words")[-1].count("csrfmiddlewaretoken") == 1 and 'value="x"' not in page


def test_what_was_only_looked_at_offers_nothing_to_send() -> None:
    assert again.of(RequestFactory().get("/desk", {"q": "两个 词"})) is None


def test_a_secret_is_never_shown_nor_sent_and_files_have_to_be_chosen_again() -> None:
    post = RequestFactory().post
    kept = again.of(post("/sign-in", {"number": "K 1", "password": "a quiet river"}))
    assert kept is not None and (kept["fields"], kept["words"]) == ([], "K 1")
    hidden = post("/password", {"new": "a quiet river"})
    sensitive_post_parameters()(lambda request: None)(hidden)
    assert again.of(hidden) is None
    file = SimpleUploadedFile("photo.png", b"png")
    kept = again.of(post("/ask", {"text": "很 急", "files": file}))
    assert kept is not None and (kept["fields"], kept["words"]) == ([], "很 急")


@pytest.mark.django_db
def test_a_form_from_a_page_that_was_open_too_long_shows_its_words_but_no_button() -> None:
    page = Client(enforce_csrf_checks=True).post("/ask", {"text": "我的 电脑无法开机"}, headers=HTML)
    assert page.status_code == 403 and "我的 电脑无法开机" in page.content.decode()
    assert "csrfmiddlewaretoken" not in page.content.decode().split("again-words")[-1]
