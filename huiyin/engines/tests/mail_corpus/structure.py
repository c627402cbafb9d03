"""Trees of parts: which are read, what happens when edges are missing, messages inside messages."""

from huiyin.engines.tests.mail_corpus.build import (
    Sample,
    base64_part,
    html_mail,
    mail,
    mail_of,
    multipart,
    part,
    sample,
    text_mail,
)

_HTML = "Content-Type: text/html; charset=utf-8"


def _nested(rule: str, head: str, **expect: object) -> Sample:
    inner = text_mail("inner words", head="Subject: inner matter")
    return sample(rule, mail_of(part("outer words"), part(inner, head)), **expect)


_RELATED_LINE, _RELATED = multipart(
    part("<p>words <img src='cid:p1'></p>", _HTML), kind="related", boundary="b2"
)
_INVITE = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:回访\r\nDTSTART:20261102T0900\r\nLOCATION:总部\r\nEND:VEVENT"
)

SAMPLES = (
    sample(
        "plain text is preferred to the markup beside it",
        mail_of(part("plain"), part("<p>rich</p>", _HTML), kind="alternative"),
        text="plain",
        html="<p>rich</p>",
    ),
    sample(
        "empty plain text gives way to the markup",
        mail_of(part(" \r\n"), part("<p>rich</p>", _HTML), kind="alternative"),
        text="rich",
    ),
    sample(
        "plain text that only points to the markup gives way",
        mail_of(
            part("Your program does not show HTML mail."),
            part(f"<p>{'words ' * 200}</p>", _HTML),
            kind="alternative",
        ),
        text_has="words words",
        text_lacks="does not show",
    ),
    sample(
        "markup inside a related part stands beside the plain text",
        mail_of(part("plain"), part(_RELATED, _RELATED_LINE), kind="alternative"),
        text="plain",
    ),
    sample("markup alone becomes text", html_mail("<p>rich</p>"), text="rich"),
    sample("plain text is no markup", text_mail("hello"), html=None),
    sample(
        "markup labelled plain is still markup",
        text_mail("<!DOCTYPE html><html><body>hi</body></html>"),
        text="hi",
    ),
    sample(
        "pieces of text around a picture are read in order",
        mail_of(part("before"), base64_part(b"x", "Content-Type: image/png"), part("after")),
        text="before\n\nafter",
    ),
    sample(
        "the same words in both forms are told once, even without alternative",
        mail_of(part("same words"), part("<p>same <b>words</b></p>", _HTML)),
        text="same words",
    ),
    sample(
        "different words in both forms are both told",
        mail_of(part("one"), part("<p>two</p>", _HTML)),
        text="one\n\ntwo",
    ),
    sample(
        "a missing closing edge costs nothing",
        mail_of(part("one"), part("two"))[:-8],
        text="one\n\ntwo",
        defects=("multipart_unclosed",),
    ),
    sample(
        "a missing boundary is found by its looks",
        mail_of(part("one")).replace(b'; boundary="b1"', b""),
        text="one",
        defects=("boundary_missing",),
    ),
    sample(
        "a wrong boundary is found by its looks",
        mail_of(part("one")).replace(b'boundary="b1"', b'boundary="zz"'),
        text="one",
        defects=("boundary_missing",),
    ),
    sample(
        "a multipart without parts is read as text",
        mail("just words", head='Content-Type: multipart/mixed; boundary="b1"'),
        text="just words",
        defects=("multipart_empty",),
    ),
    sample(
        "one boundary used on two levels closes the inner one first",
        mail_of(part(multipart(part("inner"))[1], multipart(part("inner"))[0]), part("outer")),
        text_has="inner",
    ),
    sample(
        "an inner multipart left open ends at the outer edge",
        mail_of(part(b"--b2\r\n\r\ninner", 'Content-Type: multipart/mixed; boundary="b2"'), part("outer")),
        text="inner\n\nouter",
    ),
    sample(
        "words before the first edge and after the last are not read",
        mail(b"preamble\r\n" + multipart(part("body"))[1] + b"epilogue", head=multipart()[0]),
        text="body",
    ),
    sample(
        "an edge right after an edge is an empty part",
        mail_of(part("one"), base64_part(b"x", "Content-Type: application/pdf")).replace(
            b"--b1\r\nContent-Type: application", b"--b1\r\n--b1\r\nContent-Type: application"
        ),
        text="one",
        sizes=[1],
    ),
    sample(
        "a body that carries a name is still the body",
        mail("<p>words</p>", head='Content-Type: text/html; charset=utf-8; name="body.html"'),
        text="words",
        names=[],
    ),
    sample("a part without any field is text", mail_of(b"\r\nbare words"), text="bare words"),
    sample(
        "spaces after an edge are forgiven",
        mail_of(part("one")).replace(b"--b1\r\n", b"--b1  \r\n"),
        text="one",
    ),
    sample(
        "a line that merely begins like an edge is text", mail_of(part("a\r\n--b1x\r\nb")), text="a\n--b1x\nb"
    ),
    sample("an unreadable content type is text", mail("hello", head="Content-Type: text"), text="hello"),
    _nested(
        "a message inside is a file named by its subject",
        "Content-Type: message/rfc822",
        names=["inner matter.eml"],
        text="outer words",
    ),
    _nested(
        "a message inside keeps the name it was given",
        'Content-Type: message/rfc822\nContent-Disposition: attachment; filename="old.eml"',
        names=["old.eml"],
    ),
    _nested(
        "a message shown inline is a file too",
        "Content-Type: message/rfc822\nContent-Disposition: inline",
        names=["inner matter.eml"],
    ),
    sample(
        "a mail that is only a passed-on message is read by that message",
        mail_of(part(text_mail("inner words"), "Content-Type: message/rfc822")),
        text="inner words",
    ),
    sample(
        "messages of a digest are files",
        mail_of(b"\r\n" + text_mail("a", head="Subject: one"), kind="digest"),
        names=["one.eml"],
    ),
    sample(
        "an invitation is a file",
        mail_of(part("come"), part(_INVITE, "Content-Type: text/calendar")),
        text="come",
        names=["attachment-1.ics"],
    ),
    sample(
        "an invitation alone is put into words",
        mail(_INVITE, head="Content-Type: text/calendar; charset=utf-8"),
        text="回访\n2026-11-02 09:00\n总部",
        names=["attachment-1.ics"],
    ),
    sample(
        "encrypted mail stays a file and says so",
        mail_of(
            part("Version: 1", "Content-Type: application/pgp-encrypted"),
            part("-----BEGIN", 'Content-Type: application/octet-stream; name="encrypted.asc"'),
            kind="encrypted",
        ),
        names=["attachment-1.asc", "encrypted.asc"],
        defects=("encrypted",),
    ),
    sample(
        "sealed S/MIME stays a file and says so",
        mail(
            "AAAA",
            head='Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\n'
            "Content-Transfer-Encoding: base64",
        ),
        names=["smime.p7m"],
        defects=("encrypted",),
    ),
    sample(
        "signed mail is read and its signature is a file",
        mail_of(
            part("words"),
            part("AAAA", 'Content-Type: application/pkcs7-signature; name="smime.p7s"'),
            kind="signed",
        ),
        text="words",
        names=["smime.p7s"],
    ),
    sample(
        "a PGP signature is a file",
        mail_of(part("words"), part("-----BEGIN", "Content-Type: application/pgp-signature"), kind="signed"),
        text="words",
        names=["attachment-1.asc"],
    ),
)
