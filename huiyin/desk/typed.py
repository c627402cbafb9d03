"""What the forms of the house hold: what is stored, or what was typed into a form that was refused."""

from typing import Any

from django.http import HttpRequest

from huiyin.staff.models import Role, Site, Team

LISTS = ("permissions", "priorities", "pauses_for")
TICKS = ("supervision", "is_default", "second_factor", "always", "holidays", "in_use")


def team(row: Team | None) -> dict[str, Any]:
    """Return the fields of a team; of None those of the form for a new one."""
    if row is None:
        return {
            "code": "",
            **dict.fromkeys(("site", "calendar", "parent", "lead", "contact", "deputies", "functions"), ""),
        }
    return {
        "code": row.code,
        "name_zh": row.name["zh"],
        "name_en": row.name["en"],
        "site": row.site.code,
        "calendar": row.calendar,
        "parent": row.parent.code if row.parent else "",
        "lead": row.lead.number if row.lead else "",
        "contact": row.contact.number if row.contact else "",
        "deputies": ", ".join(one.number for one in row.deputies.all()),
        "functions": ", ".join(row.functions),
        "supervision": row.supervision,
        "is_default": row.is_default,
    }


def site(row: Site | None) -> dict[str, Any]:
    """Return the fields of a site; of None those of the form for a new one."""
    if row is None:
        return {"code": "", "zone": "Asia/Shanghai", "calendar": "office", "keep_customers_days": ""}
    return {
        "code": row.code,
        "name_zh": row.name["zh"],
        "name_en": row.name["en"],
        "zone": row.zone,
        "calendar": row.calendar,
        "language": row.language,
        "keep_customers_days": "" if row.keep_customers_days is None else row.keep_customers_days,
    }


def role(row: Role | None) -> dict[str, Any]:
    """Return the fields of a role; of None those of the form for a new one."""
    if row is None:
        return {"code": "", "permissions": []}
    return {
        "code": row.code,
        "name_zh": row.name["zh"],
        "name_en": row.name["en"],
        "words": str(row),
        "permissions": row.permissions,
        "reach": row.reach,
        "second_factor": row.second_factor,
    }


def over(request: HttpRequest, act: str, stored: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with what this request typed into the same form; it stands open, with all that was typed.

    A code that nobody has belongs to the form for a new one: `is_new` says which form was sent.
    """
    given = request.POST
    code = "" if "is_new" in given else given.get("code", "")
    whose = {"is_new": not stored["code"], "key": stored["code"]}  # `key` tells the fields of one page apart
    if given.get("act") != act or code != stored["code"]:
        return {**stored, **whose}
    told: dict[str, Any] = {name: value.strip() for name, value in given.items() if isinstance(value, str)}
    told |= {name: given.getlist(name) for name in LISTS} | {name: name in given for name in TICKS}
    return {**stored, **told, **whose, "is_open": True}
