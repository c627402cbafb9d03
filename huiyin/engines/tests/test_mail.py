"""What holds for every message, found by generated mail and by comparison with the standard library."""

import base64
import json
import quopri
from email.header import Header
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import mail
from huiyin.engines.mail import html_text, names
from huiyin.engines.tests.mail_corpus import SAMPLES
from huiyin.engines.tests.mail_corpus.build import text_mail

CONTRACT = (
    "message_id in_reply_to references from reply_to to cc subject date text html new_text attachments"
    " automatic defects"
)
# Two or three rare characters alone can be valid UTF-8 by chance; no reader could tell, so none is asked to.
EVERYDAY = [
    char
    for row in range(0xB0, 0xD7)
    for char in bytes(b for c in range(0xA1, 0xFF) for b in (row, c)).decode("gbk")
]
RARE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
CHINESE = st.builds(
    str.__add__, st.text(st.sampled_from(EVERYDAY), min_size=2, max_size=25), st.text(RARE, max_size=2)
)
WORDS = (
    st.text(st.sampled_from("订单没有收到请回电abcXYZ 019，。！?"), min_size=1, max_size=60)
    .map(str.strip)
    .filter(bool)
)
CODECS = st.sampled_from(["utf-8", "gbk", "gb18030", "utf-16"])
FRAGMENTS = st.sampled_from(
    [
        *(b"\r\n", b"\n\n", b"--b1", b"--b1--\n", b"=?utf-8?B?", b"=?gbk?Q?", b"?=", b"\0", b"\xff\xfe"),
        *(b"Content-Type: multipart/mixed; boundary=b1\n", b"Content-Type: text/html\n", b"charset=utf-7"),
        *(b"Content-Transfer-Encoding: base64\n", b"; filename*0*=", b"filename=../", b"<a href='http://x'>"),
        *(b"From: ", b"Subject: ", b"Date: ", b"> ", b"On 1 x wrote:\n", b"-- \n", b'"', b"(", b"<", b"<!--"),
        *(b"+2AA-", b"&#xd800;", b"<td>", b"\xe2\x80\xae", b"charset=utf-16"),
    ]
)
UNSAFE = {
    chr(code) for code in (*range(32), 127, 0x2028, 0x2029, 0x202E, 0x2066, 0xFEFF, *range(0xD800, 0xE000))
}


@st.composite
def damaged_mail(draw: st.DrawFn) -> bytes:
    raw = bytearray(draw(st.sampled_from(SAMPLES)).raw)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(raw)))
        end = min(len(raw), at + draw(st.sampled_from([0, 1, 5, 50])))
        raw[at:end] = draw(st.one_of(FRAGMENTS, st.binary(max_size=8)))
    return bytes(raw)


@given(st.one_of(st.binary(max_size=300), st.lists(FRAGMENTS, max_size=40).map(b"".join), damaged_mail()))
@settings(max_examples=1_000, deadline=None)
def test_no_bytes_whatever_raise_or_yield_unsafe_values(raw: bytes) -> None:
    found = mail.parse(raw)
    json.dumps(mail.to_json(found), ensure_ascii=False).encode("utf-8")
    people = (found.from_, *found.to, *found.cc)
    values = [found.subject, *found.references, *(each.name + each.address for each in people)]
    values += [each.name + each.content_type for each in found.attachments]
    assert not UNSAFE & set("".join(values))
    assert not (UNSAFE - {"\n", "\t"}) & set(found.text + found.new_text)
    assert all(each.name and not set(each.name) & set("/\\") for each in found.attachments)


def test_the_json_has_exactly_the_fields_of_the_contract() -> None:
    assert list(mail.to_json(mail.parse(b""))) == CONTRACT.split()


def test_a_file_in_the_json_has_exactly_the_fields_of_the_contract() -> None:
    shown = mail.to_json(mail.parse(b"Content-Type: application/pdf\n\nx"))
    assert json.loads(json.dumps(shown))["attachments"] == [
        {
            "name": "attachment-1.pdf",
            "content_type": "application/pdf",
            "size": 1,
            "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
            "inline": False,
        }
    ]


@given(CHINESE, CODECS)
@settings(max_examples=100, deadline=None)
def test_text_under_its_true_label_comes_back_whole(text: str, codec: str) -> None:
    head = f"Content-Type: text/plain; charset={codec}\nContent-Transfer-Encoding: base64\n\n".encode()
    assert mail.parse(head + base64.encodebytes(text.encode(codec))).text == text


@given(CHINESE)
@settings(max_examples=100, deadline=None)
def test_gb18030_text_labelled_gb2312_comes_back_whole(text: str) -> None:
    head = b"Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: quoted-printable\n\n"
    assert mail.parse(head + quopri.encodestring(text.encode("gb18030"))).text == text


@given(WORDS, st.sampled_from(["utf-8", "gbk", "gb2312"]), st.integers(20, 76))
@settings(max_examples=100, deadline=None)
def test_a_subject_encoded_and_folded_by_the_standard_library_comes_back(
    text: str, codec: str, width: int
) -> None:
    folded = Header(text, codec, maxlinelen=width, header_name="Subject").encode()
    assert mail.parse(f"Subject: {folded}\n\n".encode()).subject == " ".join(text.split())


@given(CHINESE, st.data())
@settings(max_examples=100, deadline=None)
def test_a_subject_split_at_any_byte_comes_back(text: str, data: st.DataObject) -> None:
    raw = text.encode("gb18030")
    at = data.draw(st.integers(0, len(raw)))
    words = (f"=?gb2312?B?{base64.b64encode(piece).decode()}?=" for piece in (raw[:at], raw[at:]))
    assert mail.parse(f"Subject: {' '.join(words)}\n\n".encode()).subject == text


@given(st.binary(max_size=200), st.sampled_from(["base64", "quoted-printable"]))
@settings(max_examples=100, deadline=None)
def test_the_bytes_of_a_file_come_back(content: bytes, encoding: str) -> None:
    body = (
        base64.encodebytes(content)
        if encoding == "base64"
        else b"=\n".join(b"=%02X" % byte for byte in content)
    )
    raw = f"Content-Type: application/pdf\nContent-Transfer-Encoding: {encoding}\n\n".encode() + body
    assert mail.parse(raw).attachments[0].payload == content


@given(WORDS, WORDS, WORDS, st.binary(max_size=50))
@settings(max_examples=60, deadline=None)
def test_what_the_standard_library_writes_is_read_alike(
    subject: str, text: str, name: str, content: bytes
) -> None:
    written = EmailMessage()
    written["Subject"] = subject
    written["From"] = '"张三, 销售" <z@example.com>'
    written.set_content(text)
    written.add_alternative(f"<p>{text}</p>", subtype="html")
    written.add_attachment(content, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    found = mail.parse(written.as_bytes())
    assert (found.subject, found.text.strip()) == (" ".join(subject.split()), text)
    assert found.from_ == mail.Address("张三, 销售", "z@example.com")
    assert [(each.name, each.payload) for each in found.attachments] == [
        (names.clean(f"{name}.pdf"), content)
    ]


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_a_clean_name_stays_as_it_is_and_leads_nowhere(name: str) -> None:
    cleaned = names.clean(name)
    assert names.clean(cleaned) == cleaned
    assert not UNSAFE & set(cleaned)
    assert not set('/\\:*?"<>|') & set(cleaned)
    assert not cleaned.startswith(".")


@given(st.text(max_size=200).filter(lambda text: "&" not in text))
@settings(max_examples=200, deadline=None)
def test_any_markup_becomes_text_without_tags_left_open(text: str) -> None:
    shown, whole = html_text.convert(f"<p>before</p><script>{text}</script><p>after</p>", limit=1_000)
    assert whole
    assert shown.startswith("before")


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=4), st.integers(0, 5))
@settings(max_examples=100, deadline=None)
def test_what_stands_above_a_quotation_stays_and_the_quotation_goes(
    new: list[str], old: list[str], style: int
) -> None:
    plain, marked = "\n".join(old), "\n".join(f"> {line}" for line in old)
    tails = (
        f"在 2026年11月2日，上午9:00，客服 <h@example.org> 写道：\n\n{marked}",
        f"On Mon, 2 Nov 2026, Help <h@example.org> wrote:\n{marked}",
        f"------------------ 原始邮件 ------------------\n{plain}",
        f"-----Original Message-----\n{plain}",
        f"发件人: 客服 <h@example.org>\n发送时间: 2026年11月2日\n主题: 订单\n\n{plain}",
        marked,
    )
    written = "\n".join(new)
    assert mail.new_text(f"{written}\n\n{tails[style]}") == written


@given(
    st.lists(
        st.sampled_from(["> 问", "答", "", "-- ", "发自我的iPhone", "在 1:00 写道：", "-----原始邮件-----"]),
        max_size=12,
    )
)
@settings(max_examples=400, deadline=None)
def test_an_answer_written_between_marked_lines_is_never_lost(lines: list[str]) -> None:
    # Below a signature's dashes nobody can tell an answer from a signature.
    text = "\n".join(["> 问", "独一无二的回答", "> 问", *lines])
    assert "独一无二的回答" in mail.new_text(text)


@pytest.mark.parametrize(
    "marks", ["", "\n\n> 旧", "\n-----原始邮件-----\n旧", "\n\n发自我的iPhone", "\n-- \n张三"]
)
def test_the_new_words_do_not_depend_on_what_follows(marks: str) -> None:
    assert mail.parse(text_mail(f"请回电{marks}")).new_text == "请回电"
