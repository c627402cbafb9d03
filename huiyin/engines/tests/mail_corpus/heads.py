"""Fields that are missing, doubled or hard to read; people; dates; what stands before the head."""

from huiyin.engines.tests.mail_corpus.build import Sample, b_word, mail, q_word, sample, text_mail


def _from(rule: str, value: str | bytes, name: str, address: str, *defects: str) -> Sample:
    return sample(rule, mail(sender=value), sender=(name, address), defects=defects)


def _dated(rule: str, value: str, moment: str | None, *defects: str) -> Sample:
    raw = mail().replace(b"Date: Mon, 02 Nov 2026 09:00:00 +0800", f"Date: {value}".encode())
    return sample(rule, raw, date=moment, defects=defects)


_NINE = "2026-11-02T01:00:00+00:00"
_NO_DATE = mail().replace(b"Date: Mon, 02 Nov 2026 09:00:00 +0800\r\n", b"")

SAMPLES = (
    _from("an encoded name is read", f"{b_word('张三', 'gb2312')} <z@example.com>", "张三", "z@example.com"),
    _from(
        "an encoded name in quotes is read",
        f'"{b_word("张三", "gb2312")}" <z@example.com>',
        "张三",
        "z@example.com",
    ),
    _from("a raw GBK name is read", "张三 <z@example.com>".encode("gbk"), "张三", "z@example.com"),
    _from(
        "a comma inside an encoded name splits nothing",
        f"{q_word('张,三', 'utf-8')} <z@example.com>",
        "张,三",
        "z@example.com",
    ),
    _from(
        "a comma inside quotes splits nothing",
        '"Doe, Jane" <jane@example.com>',
        "Doe, Jane",
        "jane@example.com",
    ),
    _from(
        "a name in brackets after the address is a name",
        "w@example.com (Wang Wu)",
        "Wang Wu",
        "w@example.com",
    ),
    _from("a bare address has no name", "w@example.com", "", "w@example.com"),
    _from("a name that repeats the address is no name", "w@example.com <w@example.com>", "", "w@example.com"),
    _from("an unclosed quote does not swallow the address", '"Wang <w@example.com>', "Wang", "w@example.com"),
    _from("an unclosed bracket does not lose the address", "Wang <w@example.com", "Wang", "w@example.com"),
    _from(
        "name and address encoded together are told apart",
        b_word("张三 <z@example.com>", "utf-8"),
        "张三",
        "z@example.com",
    ),
    _from(
        "a second sender is noted, the first counts",
        "a@example.com, b@example.com",
        "",
        "a@example.com",
        "several_senders",
    ),
    _from("a sender without an address is noted", "Nobody", "Nobody", "", "sender_unreadable"),
    _from(
        "hidden and text-turning characters are kept out of names",
        f"{b_word('客服' + chr(0x202E) + chr(0x200B) + '部', 'utf-8')} <z@example.com>",
        "客服部",
        "z@example.com",
    ),
    _from("a mail link as an address is read", "<mailto:z@example.com>", "", "z@example.com"),
    _from(
        "a name with a line end inside stays one line",
        f"{q_word('a' + chr(10) + 'b', 'utf-8')} <z@example.com>",
        "a b",
        "z@example.com",
    ),
    sample(
        "without From the Sender field speaks",
        b"Sender: s@example.com\r\n\r\nhi",
        sender=("", "s@example.com"),
        defects=("sender_missing",),
    ),
    sample(
        "two different From fields are noted and the first counts",
        mail(head="From: other@example.com"),
        sender=("Zhang San", "zhang@example.com"),
        defects=("header_doubled",),
    ),
    sample(
        "people in two To fields are joined",
        mail(head="To: b@example.org"),
        to=[("", "support@example.org"), ("", "b@example.org")],
    ),
    sample(
        "members of a group are listed, the group is not",
        mail(head="Cc: Team: a@example.org, b@example.org;"),
        cc=[("", "a@example.org"), ("", "b@example.org")],
    ),
    sample("undisclosed recipients are nobody", mail(head="Cc: undisclosed-recipients:;"), cc=[]),
    sample(
        "semicolons separate people too",
        mail(head="Cc: a@example.org; b@example.org"),
        cc=[("", "a@example.org"), ("", "b@example.org")],
    ),
    sample(
        "Reply-To is read with its name",
        mail(head="Reply-To: Li Si <li@example.com>"),
        reply_to=("Li Si", "li@example.com"),
    ),
    sample(
        "without Message-ID there is none",
        b"From: a@example.com\r\n\r\nhi",
        message_id=None,
        defects=("message_id_missing",),
    ),
    sample(
        "a Message-ID without brackets gets them",
        mail().replace(b"<m1@example.com>", b"m1@example.com"),
        message_id="<m1@example.com>",
    ),
    sample(
        "an id folded in the middle is whole",
        mail(head="In-Reply-To: <abc\n def@example.org>"),
        in_reply_to="<abcdef@example.org>",
    ),
    sample(
        "words around the answered id are ignored",
        mail(head="In-Reply-To: Your message of today <q@example.org>"),
        in_reply_to="<q@example.org>",
    ),
    sample(
        "each reference counts once, in order",
        mail(head="References: <1@example.org> <2@example.org>\n\t<1@example.org>"),
        references=["<1@example.org>", "<2@example.org>"],
    ),
    sample(
        "an empty field gives way to its double", mail(head="Subject:\nSubject: second"), subject="second"
    ),
    _dated("the usual date is read", "Mon, 2 Nov 2026 09:00:00 +0800 (CST)", _NINE),
    _dated("a date with a zone name is read", "Mon, 2 Nov 2026 01:00:00 GMT", _NINE),
    _dated("an ISO date is read", "2026-11-02T09:00:00.123+08:00", _NINE),
    _dated("a Chinese date is read", "2026年11月2日(星期一) 上午9:00 +0800", _NINE),
    _dated("a Chinese afternoon is read", "2026年11月2日 下午3:00 +0800", "2026-11-02T07:00:00+00:00"),
    _dated(
        "a date without a zone counts as UTC and is noted", "2026-11-02 01:00:00", _NINE, "date_without_zone"
    ),
    _dated("CST is China's time", "Mon Nov  2 09:00:00 CST 2026", _NINE),
    _dated("an hour after noon is read", "Monday, November 2, 2026 1:00 PM +1200", _NINE),
    _dated(
        "a leap second is the second before", "Mon, 2 Nov 2026 08:59:60 +0800", "2026-11-02T00:59:59+00:00"
    ),
    _dated("a date that is none is noted", "yesterday", None, "date_unreadable"),
    _dated("an impossible zone is noted", "Mon, 2 Nov 2026 09:00:00 +9900", None, "date_unreadable"),
    _dated("a year out of reason is not believed", "Mon, 2 Nov 1926 09:00:00 +0800", None, "date_unreadable"),
    sample(
        "without a date the newest Received field speaks",
        b"Received: from a by b; Mon, 2 Nov 2026 09:00:00 +0800\r\n" + _NO_DATE,
        date=_NINE,
        defects=("date_missing",),
    ),
    sample(
        "an mbox line before the head is passed over",
        b"From z Mon Nov  2 09:00:00 2026\n" + mail(),
        sender=("Zhang San", "zhang@example.com"),
        text="hello",
    ),
    sample("blank lines before the head are passed over", b"\r\n\n" + mail(), text="hello"),
    sample(
        "a byte order mark before the head is passed over",
        b"\xef\xbb\xbf" + mail(),
        message_id="<m1@example.com>",
    ),
    sample(
        "rubbish before the head is passed over",
        b"+OK 512 octets\r\n" + mail(),
        text="hello",
        sender=("Zhang San", "zhang@example.com"),
        defects=("header_line_broken",),
    ),
    sample(
        "a broken field line does not end the head",
        b"Subject: one\ntwo without indent\nFrom: a@example.com\n\nhi",
        subject="one two without indent",
        sender=("", "a@example.com"),
        text="hi",
    ),
    sample(
        "a head without a blank line ends where no field is",
        b"Subject: x\nFrom: a@example.com\nhi there\nbye",
        text="hi there\nbye",
        defects=("header_end_missing",),
    ),
    sample(
        "text without any head is all body", "您好，请回电".encode(), text="您好，请回电", sender=("", "")
    ),
    sample("nothing at all is an empty message", b"", text="", subject="", defects=("empty",)),
    sample("old line ends are read", text_mail("你好").replace(b"\r\n", b"\r"), text="你好"),
    sample("bare newlines are read", text_mail("你好").replace(b"\r\n", b"\n"), text="你好"),
    sample(
        "a field name in capitals is the same field",
        b"FROM: a@example.com\r\nSUBJECT: x\r\n\r\nhi",
        subject="x",
    ),
    sample("a space before the colon is forgiven", b"Subject : x\r\n\r\nhi", subject="x"),
)
