"""The scanner of the house: what it says is believed, and where it says nothing no file comes in."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from huiyin.base import metrics, scanner
from huiyin.base.files import FileRefused, look_at
from huiyin.commands import parser
from tests import scanner as scripted

FILE = bytes(range(256)) * 1000  # four pieces, the last one short
OK, FOUND = b"stream: OK\0", b"stream: Eicar-Signature FOUND\0"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "TIMEOUT_S", 0.2)
    monkeypatch.setattr(scanner, "HELD_S", 3600.0)


@pytest.fixture(autouse=True)
def asked_at_once() -> Iterator[None]:
    scanner.forget()
    yield
    scanner.forget()


def test_without_one_nobody_is_asked() -> None:
    assert not scanner.is_there() and scanner.found_in(FILE) == ""


def test_it_is_sent_the_whole_file_and_its_word_is_taken() -> None:
    with scripted.answering(OK) as clamd:
        assert scanner.found_in(FILE) == "" and scanner.found_in(b"") == ""
        assert clamd.seen == [FILE, b""]
    with scripted.answering(FOUND):
        assert scanner.found_in(FILE) == "Eicar-Signature"


def test_it_may_stand_at_a_socket_of_unix(tmp_path: Path) -> None:
    with scripted.answering(FOUND, path=str(tmp_path / "clamd")) as clamd:
        assert scanner.found_in(FILE) == "Eicar-Signature" and clamd.seen == [FILE]


@pytest.mark.parametrize(
    "answers",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: \0",
        b"stream: OK",  # and then it hangs up, without the end of its answer
        b"OK\0",
        b" FOUND\0",
        b"\xff\xfe\0",
        b"\0",
        b"x" * 5000,
        scripted.DROPS,
    ],
)
def test_an_answer_that_is_none_says_nothing_about_the_file(answers: bytes) -> None:
    with scripted.answering(answers), pytest.raises(scanner.Away):
        scanner.found_in(FILE)


@pytest.mark.usefixtures("impatient")
def test_one_that_hangs_is_waited_for_once_and_then_left_alone_for_a_while() -> None:
    with scripted.answering(scripted.HANGS):
        with pytest.raises(scanner.Away) as first:
            scanner.found_in(FILE)
        with pytest.raises(scanner.Away, match="a moment ago"):
            scanner.found_in(FILE)
        assert "a moment ago" not in str(first.value)


@pytest.mark.usefixtures("impatient")
def test_one_that_takes_nothing_of_the_file_is_not_waited_for_longer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepted: list[socket.socket] = []
        taking = threading.Thread(target=lambda: accepted.append(listening.accept()[0]))
        taking.start()
        with scripted.using(f"tcp://127.0.0.1:{listening.getsockname()[1]}"), pytest.raises(scanner.Away):
            scanner.found_in(bytes(15_000_000))
        taking.join()
        accepted[0].close()


def test_one_that_is_gone_lets_no_file_in_and_is_counted() -> None:
    counted = metrics.files_refused_total.labels("scanner_away")
    before = counted._value.get()
    with scripted.gone(), pytest.raises(FileRefused) as refused:
        look_at("a.txt", b"words")
    assert refused.value.code == "scanner_away" and counted._value.get() == before + 1


@pytest.mark.django_db
def test_doctor_says_whether_it_answers(capsys: pytest.CaptureFixture[str]) -> None:
    def told() -> tuple[object, str]:
        arguments = parser.build().parse_args(["doctor"])
        status = arguments.run(arguments)
        return status, capsys.readouterr().out

    assert "no virus scanner" in told()[1]
    with scripted.answering(OK):
        assert "the virus scanner answers" in told()[1]
    for one in (scripted.gone(), scripted.answering(FOUND)):
        with one:
            status, words = told()
        assert (
            status == 1 and "FAIL  the virus scanner gives no answer" in words and "HUIYIN_SCANNER" in words
        )
