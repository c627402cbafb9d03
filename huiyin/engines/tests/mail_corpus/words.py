"""Encoded words as they are broken in the wild."""

from huiyin.engines.tests.mail_corpus.build import Sample, b_word, mail, q_word, sample

_ORDER = "订单没有收到"
_GBK = _ORDER.encode("gbk")
_UTF8 = _ORDER.encode()


def _subject(rule: str, raw: str | bytes, subject: str) -> Sample:
    head = b"Subject: " + (raw if isinstance(raw, bytes) else raw.encode())
    return sample(rule, mail(head=head), subject=subject)


SAMPLES = (
    _subject("a base64 word in UTF-8 is read", b_word(_ORDER, "utf-8"), _ORDER),
    _subject("a Q word in GBK is read", q_word(_ORDER, "gbk"), _ORDER),
    _subject("gb2312 on a word means gb18030", b_word("㊣品", "gb2312", codec="gb18030"), "㊣品"),
    _subject(
        "a character split between two GBK words is whole again",
        f"{b_word(_GBK[:3], 'gb2312')} {b_word(_GBK[3:], 'gb2312')}",
        _ORDER,
    ),
    _subject(
        "a character split over a folded line is whole again",
        f"{b_word(_UTF8[:4], 'utf-8')}\r\n {b_word(_UTF8[4:], 'utf-8')}",
        _ORDER,
    ),
    _subject(
        "a character split between a B and a Q word is whole again",
        "=?gb2312?Q?=C4=E3=BA?= =?gb2312?B?w6O/?=",
        "你好？",
    ),
    _subject(
        "a base64 group split between two words is whole again", "=?utf-8?B?5L2g5a?= =?utf-8?B?W9?=", "你好"
    ),
    _subject(
        "two names of one character set count as one",
        f"{b_word(_GBK[:3], 'GB2312')} {b_word(_GBK[3:], 'gbk')}",
        _ORDER,
    ),
    _subject(
        "adjacent words of two character sets are decoded each by itself",
        f"{b_word('你', 'gbk')} {b_word('好', 'utf-8')}",
        "你好",
    ),
    _subject(
        "words without a space between them are adjacent",
        b_word("你", "utf-8") + b_word("好", "utf-8"),
        "你好",
    ),
    _subject(
        "the space between words and plain text stays",
        f"Re: {b_word('你', 'utf-8')} OK {b_word('好', 'utf-8')}",
        "Re: 你 OK 好",
    ),
    _subject("a word without its end is read to the end", b_word(_ORDER, "utf-8")[:-2], _ORDER),
    _subject(
        "a word without its end stops where the next begins",
        f"{b_word('你', 'utf-8')[:-2]} {b_word('好', 'utf-8')}",
        "你好",
    ),
    _subject("spaces inside base64 are ignored", "=?utf-8?B?5L2g 5aW9?=", "你好"),
    _subject("spaces around the pieces of a word are ignored", "=? utf-8 ? B ?5L2g5aW9?=", "你好"),
    _subject("spaces inside a Q word are text", "=?utf-8?Q?=E4=BD=A0 =E5=A5=BD?=", "你 好"),
    _subject("an underscore in a Q word is a space", "=?utf-8?Q?a_b?=", "a b"),
    _subject("a bare question mark inside a Q word is text", "=?utf-8?Q?what?=E4=BD=A0?=", "what?你"),
    _subject("base64 without padding is read", "=?utf-8?B?5L2g5Q?=", "你\ufffd"),
    _subject("a word in UTF-8 labelled gb2312 is read as UTF-8", b_word(_UTF8, "gb2312"), _ORDER),
    _subject("a word in GBK labelled UTF-8 is read as GBK", b_word(_GBK, "utf-8"), _ORDER),
    _subject("an unknown label is guessed", b_word(_GBK, "x-unknown"), _ORDER),
    _subject("a language after the label is ignored", "=?utf-8*zh-CN?Q?=E4=BD=A0?=", "你"),
    _subject("lower-case kinds are read", "=?utf-8?b?5L2g5aW9?=", "你好"),
    _subject("an empty word is nothing", "=?utf-8?Q??=", ""),
    _subject("what only looks like a word stays", "1=?2 =?x?=", "1=?2 =?x?="),
    _subject("a word inside a word is decoded", "=?utf-8?Q?=3D=3Futf-8=3FB=3F5L2g5aW9=3F=3D?=", "你好"),
    _subject("raw GBK bytes in a subject are read", _GBK, _ORDER),
    _subject("raw UTF-8 bytes in a subject are read", _UTF8, _ORDER),
    _subject("raw bytes beside an encoded word are read", _GBK + b" =?utf-8?B?5L2g5aW9?=", f"{_ORDER} 你好"),
    _subject("ISO-2022-JP words are read", "=?iso-2022-jp?B?GyRCQ21KOBsoQg==?=", "注文"),
    _subject("Big5 words are read", b_word("訂單", "big5"), "訂單"),
    _subject("line ends smuggled inside a word do not end the line", "=?utf-8?Q?a=0D=0ABcc:_b?=", "a Bcc: b"),
    _subject("a paragraph separator inside a word is a space", "=?utf-8?B?YeKAqWI=?=", "a b"),
    _subject("text-turning characters are taken out", "=?utf-8?B?YeKArmI=?=", "ab"),
    sample(
        "raw subject bytes follow the body's character set",
        mail("¡Qué!".encode("cp1252"), head=b"Subject: \xbf?\nContent-Type: text/plain; charset=iso-8859-1"),
        subject="¿?",
    ),
)
