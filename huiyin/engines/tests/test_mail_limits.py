"""Mail made to exhaust us is cut short, says so, and costs no more than its length."""

import resource
import subprocess
import sys
import time

import pytest

from huiyin.engines import mail
from huiyin.engines.mail import html_text
from huiyin.engines.mail.values import Limits

OPEN = b"Content-Type: multipart/mixed; boundary=b\n\n"


def _codes(found: mail.Mail) -> set[str]:
    return {defect.code for defect in found.defects}


def _nest(levels: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(levels)
    )
    return opened + b"\ninnermost"


def test_ten_thousand_parts_are_cut_at_the_limit() -> None:
    found = mail.parse(OPEN + b"--b\nContent-Type: image/png\n\nx\n" * 10_000)
    assert len(found.attachments) == Limits().parts - 1
    assert "too_many_parts" in _codes(found)


def test_a_hundred_levels_are_read_to_the_bottom() -> None:
    assert mail.parse(_nest(100)).text == "innermost"


def test_five_thousand_levels_leave_the_rest_unopened() -> None:
    found = mail.parse(_nest(5_000))
    assert "too_deep" in _codes(found)
    assert [each.content_type for each in found.attachments] == ["application/octet-stream"]


def test_messages_nested_without_end_are_one_file() -> None:
    found = mail.parse(b"Content-Type: message/rfc822\n\n" * 5_000 + b"x")
    assert len(found.attachments) == 1


def test_ten_megabytes_of_fields_still_show_the_body() -> None:
    found = mail.parse(b"Subject: here\n" + b"X-Filler: aaaaaaaaaa\n" * 500_000 + b"\nbody")
    assert (found.subject, found.text) == ("here", "body")
    assert "headers_too_long" in _codes(found)


def test_one_field_of_ten_megabytes_still_shows_the_body() -> None:
    found = mail.parse(b"Subject: " + b"a" * 10_000_000 + b"\n\nbody")
    assert found.text == "body"
    assert len(found.subject) <= 2_000


def test_part_heads_share_the_limit_of_the_message_head() -> None:
    found = mail.parse(OPEN + (b"--b\nX-Filler: " + b"a" * 10_000 + b"\n\nx\n") * 500)
    assert "headers_too_long" in _codes(found)


def test_a_text_beyond_the_limit_is_cut_at_a_line_and_says_so() -> None:
    found = mail.parse(b"\n" + b"0123456789\n" * 400_000)
    assert "text_cut" in _codes(found)
    assert found.text.endswith("0123456789")


def test_a_message_beyond_the_limit_is_read_up_to_it() -> None:
    found = mail.parse(b"Subject: x\n\n0123456789", limits=Limits(message_bytes=16))
    assert found.text == "0123"
    assert "too_big" in _codes(found)


def test_more_people_than_the_limit_are_left_out() -> None:
    found = mail.parse(b"To: " + b"a@example.com," * 2_000 + b"\n\n")
    assert len(found.to) == Limits().addresses
    assert "too_many_addresses" in _codes(found)


def test_the_newest_references_are_kept() -> None:
    ids = [f"<{n}@example.com>" for n in range(1_000)]
    found = mail.parse(f"References: {' '.join(ids)}\n\n".encode())
    assert list(found.references) == ids[-Limits().references :]


def test_markup_beyond_the_limit_is_cut() -> None:
    shown, whole = html_text.convert("<p>a" * 100, limit=10)
    assert not whole
    assert shown.count("a") == 10


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"Subject: ", b"=?utf-8?Q?"),
        (b"Subject: ", b"=?gbk?q?=C4?= a"),
        (b"To: ", b'"\\"('),
        (b"To: ", b"a@<"),
        (b"Content-Type: text/plain; ", b'a="b;'),
        (b"Content-Type: text/html\n\n", b"<a 'b"),
        (b"Content-Type: text/html\n\n", b"<td>a<blockquote type=cite>"),
        (b"\n", b"On 1 a@b\n"),
        (b"\n", b"From: a@b\n"),
        (b"\n", b"-----  "),
        (OPEN, b"--b\nContent-Type: multipart/mixed; boundary=c\n\n"),
    ],
    ids=lambda value: value.decode() if isinstance(value, bytes) else None,
)
def test_four_times_the_length_costs_nothing_like_sixteen_times_the_work(head: bytes, piece: bytes) -> None:
    small = 12_000 // len(piece)
    assert _cost(head + piece * small * 4) < 10 * _cost(head + piece * small) + 0.02


def _cost(raw: bytes) -> float:
    def once() -> float:
        began = time.process_time()
        mail.parse(raw)
        return time.process_time() - began

    return min(once() for _ in range(3))


_CHILD = """
import resource, sys
from huiyin.engines import mail
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
opened = b"Content-Type: multipart/mixed; boundary=b\\n\\n"
for raw in (opened + b"--b\\n\\nx\\n" * 10_000, b"a: b\\n" * 2_000_000 + b"\\nx",
            b"Subject: " + b"a " * 5_000_000,
            b"\\n" + b"\\xd6\\xd0\\n" * 8_000_000, b"Content-Type: text/html\\n\\n" + b"<p>a" * 6_000_000):
    mail.parse(raw)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_hostile_mail_takes_less_than_256_megabytes_more() -> None:
    cpu = (60, 60)
    grown = subprocess.run(
        [sys.executable, "-c", _CHILD],
        capture_output=True,
        check=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, cpu),
    )
    assert int(grown.stdout) < 256 * 1024
