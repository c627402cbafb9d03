"""Names of files in every encoding, files without names, Outlook's envelope."""

import struct

from huiyin.engines.tests.mail_corpus.build import (
    Sample,
    b_word,
    base64_part,
    html_mail,
    mail,
    mail_of,
    part,
    sample,
)

_NAME = "报价单（最终）.pdf"
_PDF = "Content-Type: application/pdf"


def _named(rule: str, head: str | bytes, *names: str) -> Sample:
    return sample(rule, mail_of(part("see file"), part("x", head)), names=list(names), text="see file")


def _filename(rule: str, value: str | bytes, name: str) -> Sample:
    raw = value if isinstance(value, bytes) else value.encode()
    return _named(rule, b"Content-Type: application/pdf\nContent-Disposition: attachment; " + raw, name)


def _percent(text: str, codec: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode(codec))


def _tnef(*attributes: tuple[int, bytes]) -> bytes:
    out = struct.pack("<IH", 0x223E9F78, 1)
    for kind, content in attributes:
        out += struct.pack("<BII", 2, kind, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)
    return out


def _long_name(name: str) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(raw)) + raw


_WINMAIL = _tnef(
    (0x00069002, b"\0" * 14),
    (0x00018010, b"BAOJIA~1.PDF\0"),
    (0x0006800F, b"%PDF"),
    (0x00069005, _long_name("报价.pdf")),
)
_ENVELOPE = 'Content-Type: application/ms-tnef; name="winmail.dat"'
_PICTURE = "Content-Type: image/png\nContent-ID: <p1@example.com>"
_PAGE = part('<p>see <img src="cid:p1@example.com"></p>', "Content-Type: text/html; charset=utf-8")

SAMPLES = (
    _filename("a plain name is read", 'filename="a b.pdf"', "a b.pdf"),
    _filename("a name without quotes may hold spaces", "filename=a b.pdf; size=3", "a b.pdf"),
    _filename("an RFC 2231 name is read", f"filename*=utf-8''{_percent(_NAME, 'utf-8')}", _NAME),
    _filename("an RFC 2231 name in GBK is read", f"filename*=gb2312'zh'{_percent(_NAME, 'gbk')}", _NAME),
    _filename(
        "an extended name wins over the plain one", "filename=x.pdf; filename*=utf-8''%E4%BD%A0.pdf", "你.pdf"
    ),
    _filename(
        "a continued name is joined",
        f"filename*0*=gb2312''{_percent('报', 'gbk')}; filename*1*={_percent('价', 'gbk')}; filename*2=.pdf",
        "报价.pdf",
    ),
    _filename(
        "a character split between sections is whole again",
        "filename*0*=utf-8''%E4%BD; filename*1*=%A0.pdf",
        "你.pdf",
    ),
    _filename("sections out of order are put in order", "filename*1=b.pdf; filename*0=a", "ab.pdf"),
    _filename("an RFC 2231 name without its character set is guessed", "filename*=%E4%BD%A0.pdf", "你.pdf"),
    _filename("an encoded word as a name is read", f'filename="{b_word(_NAME, "gbk")}"', _NAME),
    _filename(
        "encoded words in a folded name are joined",
        f'filename="{b_word("报价", "gbk")}\n {b_word("单.pdf", "gbk")}"',
        "报价单.pdf",
    ),
    _filename("an encoded word without quotes is read", f"filename={b_word(_NAME, 'utf-8')}", _NAME),
    _filename("raw GBK bytes as a name are read", b'filename="' + _NAME.encode("gbk") + b'"', _NAME),
    _filename(
        "a raw GBK name with a backslash byte is whole",
        b'filename="' + "会员誠信报表.pdf".encode("gbk") + b'"',
        "会员誠信报表.pdf",
    ),
    _filename("raw UTF-8 bytes as a name are read", f'filename="{_NAME}"', _NAME),
    _filename("a percent name in quotes is read", f'filename="{_percent("你", "utf-8")}.pdf"', "你.pdf"),
    _filename("a percent sign that encodes nothing stays", 'filename="100%25.pdf"', "100%25.pdf"),
    _filename("an unclosed quote ends at the semicolon", 'filename="a.pdf; size=3', "a.pdf"),
    _filename("a quote inside a name is part of it", 'filename="a"b".pdf"', "a_b_.pdf"),
    _filename("folders before a name are dropped", 'filename="../../etc/passwd"', "passwd"),
    _filename("drives before a name are dropped", 'filename="C:\\dir\\a.doc"', "a.doc"),
    _filename(
        "a dot behind a hidden character is still a leading dot",
        f"filename*=utf-8''{_percent(chr(0x200B), 'utf-8')}.htaccess",
        "htaccess",
    ),
    _filename(
        "a name cannot turn its ending round",
        f"filename*=utf-8''a{_percent(chr(0x202E), 'utf-8')}fdp.exe",
        "afdp.exe",
    ),
    _filename("a zero byte in a name is a space", "filename*=utf-8''a%00.pdf", "a .pdf"),
    _filename("a reserved name is marked", 'filename="con.txt"', "_con.txt"),
    _filename("a name of dots is no name", 'filename=".."', "attachment-1.pdf"),
    _filename("an overlong name keeps its ending", f'filename="{"x" * 300}.pdf"', "x" * 145 + ".pdf"),
    _named("the name of the content type counts", f'{_PDF}; name="{b_word(_NAME, "gbk")}"', _NAME),
    _named(
        "a file without a name gets one by its kind",
        f"{_PDF}\nContent-Disposition: attachment",
        "attachment-1.pdf",
    ),
    _named("text with a name is a file", 'Content-Type: text/plain; name="log.txt"', "log.txt"),
    _named(
        "text marked as attachment is a file",
        "Content-Type: text/plain\nContent-Disposition: attachment",
        "attachment-1.txt",
    ),
    _named(
        "a file without a kind is known by its name",
        "Content-Disposition: attachment; filename=a.png",
        "a.png",
    ),
    sample(
        "the size and digest of a file are those of its bytes",
        mail_of(part("x"), base64_part(b"abc", _PDF)),
        sizes=[3],
        digests=["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ),
    sample(
        "a picture shown in the text is inline",
        mail_of(_PAGE, base64_part(b"x", _PICTURE), kind="related"),
        inline=[True],
    ),
    sample(
        "a picture shown in the text is inline even when called an attachment",
        mail_of(_PAGE, base64_part(b"x", f"{_PICTURE}\nContent-Disposition: attachment; filename=p.png")),
        inline=[True],
    ),
    sample(
        "a picture beside the text is not inline",
        mail_of(part("x"), base64_part(b"x", "Content-Type: image/png\nContent-Disposition: attachment")),
        inline=[False],
    ),
    sample(
        "a document called inline is not inline",
        mail_of(part("x"), base64_part(b"x", f"{_PDF}\nContent-Disposition: inline")),
        inline=[False],
    ),
    sample(
        "a mail that is only a file has a file and no text",
        mail("AAAA", head=f"{_PDF}\nContent-Transfer-Encoding: base64"),
        text="",
        sizes=[3],
    ),
    sample(
        "the files in Outlook's envelope are taken out",
        mail_of(part("x"), base64_part(_WINMAIL, _ENVELOPE)),
        names=["报价.pdf"],
        sizes=[4],
    ),
    sample(
        "a damaged envelope stays a file",
        mail_of(part("x"), base64_part(_WINMAIL[:-1], _ENVELOPE)),
        names=["winmail.dat"],
    ),
    sample(
        "an envelope without files stays a file",
        mail_of(part("x"), base64_part(_tnef(), _ENVELOPE)),
        names=["winmail.dat"],
    ),
    sample(
        "a data picture is no file",
        html_mail('<p>a<img src="data:image/png;base64,AAAA"></p>'),
        names=[],
        text="a",
    ),
)
