"""Bodies whose label is right, wrong, unknown or missing."""

from huiyin.engines.tests.mail_corpus.build import Sample, html_mail, mail, part, sample

_ZH = "您好，我的订单一直没有发货，请帮我查询一下物流。"
_TW = "您好，我的訂單一直沒有發貨，請幫我查詢一下物流。"


def _body(rule: str, text: str, codec: str, label: str | None, *defects: str) -> Sample:
    head = f"Content-Type: text/plain; charset={label}" if label else ""
    return sample(rule, mail(text.encode(codec), head=head), text=text, defects=defects)


SAMPLES = (
    _body("GBK labelled gb2312 is read with its rare characters", "镕㊣€𠮷朱镕", "gb18030", "gb2312"),
    _body("a label in capitals and quotes is read", _ZH, "gbk", '"GB2312"'),
    _body("Microsoft's number for GBK is read", _ZH, "gbk", "cp936"),
    _body("UTF-8 labelled gb2312 is read as UTF-8", _ZH, "utf-8", "gb2312", "charset_label_wrong"),
    _body("UTF-8 labelled us-ascii is read as UTF-8", _ZH, "utf-8", "us-ascii", "charset_label_wrong"),
    _body("UTF-8 labelled Latin-1 is read as UTF-8", _ZH, "utf-8", "iso-8859-1", "charset_label_wrong"),
    _body("GBK labelled Latin-1 is read as GBK", _ZH, "gbk", "iso-8859-1", "charset_label_wrong"),
    _body("GBK labelled UTF-8 is read as GBK", _ZH, "gbk", "utf-8", "charset_label_wrong"),
    _body("GBK labelled Big5 is read as GBK", _ZH, "gbk", "big5", "charset_label_wrong"),
    _body("Big5 labelled gb2312 is read as Big5", _TW, "big5", "gb2312", "charset_label_wrong"),
    _body("GBK without a label is read", _ZH, "gbk", None, "charset_unlabelled"),
    _body("two GBK characters without a label are read", "您好", "gbk", None, "charset_unlabelled"),
    _body("UTF-8 without a label is read", _ZH, "utf-8", None, "charset_unlabelled"),
    _body("Big5 without a label is read", _TW, "big5", None, "charset_unlabelled"),
    _body(
        "Shift JIS without a label is read", "こんにちは。注文した商品がまだ届きません。", "shift_jis", None
    ),
    _body("GBK under an unknown label is read", _ZH, "gbk", "x-unknown", "charset_label_unknown"),
    _body(
        "a label that names no character set is harmless", _ZH, "utf-8", "punycode", "charset_label_unknown"
    ),
    _body("Big5 is read", _TW, "big5", "big5"),
    _body("EUC-KR is read", "안녕하세요 주문한 상품이 도착하지 않았습니다.", "euc_kr", "ks_c_5601-1987"),
    _body("Latin-1 is read", "Grüße aus München", "latin-1", "iso-8859-1"),
    _body(
        "Latin-1 labelled UTF-8 is read",
        "Grüße aus München, schöne Tage",
        "latin-1",
        "utf-8",
        "charset_label_wrong",
    ),
    _body("Windows quotes labelled Latin-1 are read", "“quoted” – €5", "cp1252", "iso-8859-1"),
    _body("UTF-16 with its mark is read", _ZH, "utf-16", "utf-16"),
    _body("HZ is read", "您好", "hz", "hz-gb-2312"),
    _body("rare GBK characters that are one UTF-8 character by chance stay GBK", "鐎丼", "gbk", "gbk"),
    _body("two UTF-8 characters labelled GBK are read", "你好", "utf-8", "gbk", "charset_label_wrong"),
    _body("a rare GBK character alone is not taken for Big5", "罫", "gbk", "gbk"),
    _body("a short GBK word that is valid UTF-8 by chance stays GBK", "联通", "gbk", "gbk"),
    _body("a mark of UTF-8 before the text is no text", "您好", "utf-8", "utf-8"),
    sample(
        "a byte order mark wins over the label",
        mail("您好".encode("utf-8-sig"), head="Content-Type: text/plain; charset=gb2312"),
        text="您好",
    ),
    sample(
        "one damaged byte costs one character",
        mail(_ZH.encode("gbk")[:-1], head="Content-Type: text/plain; charset=gb2312"),
        text=_ZH[:-1] + "\ufffd",
        defects=("charset_damaged",),
    ),
    sample(
        "several damaged bytes leave the rest readable",
        mail(b"\xff\xff".join([_ZH.encode("gbk")] * 3), head="Content-Type: text/plain; charset=gb2312"),
        text_has=_ZH,
        defects=("charset_damaged",),
    ),
    sample(
        "damaged UTF-8 without a label is still UTF-8",
        mail(b"\xff".join([_ZH.encode()] * 3)),
        text_has=_ZH,
    ),
    sample(
        "markup may name its character set itself",
        mail('<meta charset="big5"><p>訂單</p>'.encode("big5"), head="Content-Type: text/html"),
        text="訂單",
    ),
    sample(
        "UTF-8 markup that claims GBK is read as UTF-8",
        html_mail('<meta charset="gbk"><p>订单没有收到</p>'),
        text="订单没有收到",
    ),
    sample(
        "controls are taken out of the text and odd line ends become plain ones",
        part(b"a\x00b\x1b[31m\r\rc\xe2\x80\xa8d", "Content-Type: text/plain; charset=utf-8"),
        text="ab[31m\n\nc\nd",
    ),
    sample(
        "quoted-printable is read",
        mail(
            "=E6=82=A8=\r\n=E5=A5=BD",
            head="Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
        ),
        text="您好",
    ),
    sample(
        "an unknown transfer encoding is noted and read as it is",
        mail("hello", head="Content-Transfer-Encoding: x-secret"),
        text="hello",
        defects=("encoding_unknown",),
    ),
    sample(
        "plain text that claims base64 is read as it is",
        mail("Hello, this is - plainly - text!", head="Content-Transfer-Encoding: base64"),
        text="Hello, this is - plainly - text!",
        defects=("encoding_wrong",),
    ),
    sample(
        "a list's footer below base64 is no text",
        mail(
            "5L2g5aW9Cg==\r\n___\r\nlist footer",
            head="Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64",
        ),
        text="你好",
    ),
    sample(
        "soft lines are joined, each quote depth by itself",
        mail("one \r\ntwo\r\n> three \r\n> four\r\nfive", head="Content-Type: text/plain; format=flowed"),
        text="one two\n> three four\nfive",
    ),
)
