"""The shape in which a message is shown outside: what `huiyin mail parse` prints."""

from huiyin.engines.mail.values import Address, Mail


def to_json(mail: Mail) -> dict[str, object]:
    """Return the message as JSON-ready values, without the bytes of its files.

    Times are RFC 3339 in UTC. `automatic` and `defects` are codes, their parameters stay behind.
    """
    return {
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "from": _person(mail.from_),
        "reply_to": _person(mail.reply_to) if mail.reply_to else None,
        "to": [_person(each) for each in mail.to],
        "cc": [_person(each) for each in mail.cc],
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text,
        "html": mail.html,
        "new_text": mail.new_text,
        "attachments": [
            {
                "name": each.name,
                "content_type": each.content_type,
                "size": each.size,
                "sha256": each.sha256,
                "inline": each.inline,
            }
            for each in mail.attachments
        ],
        "automatic": mail.automatic.code if mail.automatic else None,
        "defects": [defect.code for defect in mail.defects],
    }


def _person(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.address}
