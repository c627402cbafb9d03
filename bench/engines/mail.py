"""What reading one message costs: everyday mail, and the mail that is made to exhaust us."""

import base64
from collections.abc import Callable

from huiyin.engines import mail
from huiyin.engines.tests.mail_corpus import SAMPLES
from huiyin.engines.tests.mail_corpus.build import b_word, mail_of, part, text_mail

QUOTED = "\n".join(f"> 第{n}行，您好，请提供订单号。" for n in range(40))
REPLY = text_mail(
    f"订单号 A1001，请尽快处理。\n\n在 2026年11月2日，上午9:00，客服 <help@example.org> 写道：\n\n{QUOTED}",
    head=f"Subject: {b_word('回复：订单没有收到', 'gb2312')}",
)
PAGE = (
    "<html><body>"
    + "<table><tr><td>订单</td><td><a href='https://example.com/x'>A1</a></td></tr></table>" * 200
)
BOTH_FORMS = mail_of(
    part("您好\n" * 50), part(PAGE, "Content-Type: text/html; charset=utf-8"), kind="alternative"
)
PICTURE = base64.encodebytes(bytes(range(256)) * 20_000)
WITH_FILE = mail_of(
    part("见附件"),
    part(PICTURE, "Content-Type: image/png; name=p.png\nContent-Transfer-Encoding: base64"),
)
OPEN = b"Content-Type: multipart/mixed; boundary=b\n\n"
NEST = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(100))
PARTS = OPEN + b"--b\n\nx\n" * 10_000
FIELDS = b"X-Filler: aaaaaaaaaa\n" * 500_000 + b"\nbody"
LINES = b"\n" + b"On 1 a@b\n" * 1_000_000
NAMES = (
    OPEN + (b'--b\nContent-Disposition: attachment; filename="' + b"=?gbk?q?=C4?= a" * 900 + b'"\n\n') * 1_000
)


def _corpus() -> None:
    for sample in SAMPLES:
        mail.parse(sample.raw)


CASES: list[tuple[str, Callable[[], object]]] = [
    ("a reply with 40 quoted lines", lambda: mail.parse(REPLY)),
    ("plain text and markup with 800 tags", lambda: mail.parse(BOTH_FORMS)),
    ("a picture of 5 MB", lambda: mail.parse(WITH_FILE)),
    (f"all {len(SAMPLES)} messages of the corpus", _corpus),
    ("hostile: 10,000 parts", lambda: mail.parse(PARTS)),
    ("hostile: 100 levels", lambda: mail.parse(NEST)),
    ("hostile: 10 MB of fields", lambda: mail.parse(FIELDS)),
    ("hostile: 9 MB of lines that look like quotations", lambda: mail.parse(LINES)),
    ("hostile: 14 MB of file names in pieces", lambda: mail.parse(NAMES)),
]
