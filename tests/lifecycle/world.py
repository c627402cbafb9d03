"""The case in each state, the people around it, and each move as the API and the desk are asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client

from huiyin.base import clock, secrets
from huiyin.cases import lifecycle, merging, owing, relating, tagging, watching
from huiyin.cases.models import Case
from huiyin.cases.owing import Made
from huiyin.customers.recognise import Sender
from huiyin.staff import tokens
from huiyin.staff.models import Staff, Team, Token
from huiyin.staff.permissions import TOKEN_SCOPES
from tests import given
from tests.given import MONDAY_9

_PEOPLE = {
    "owner": ("alice", "agent", "service"),
    "handler": ("bob", "agent", "service"),
    "colleague": ("carol", "agent", "service"),
    "outsider": ("dave", "agent", "returns"),
    "lead": ("lena", "lead", "service"),
    "other_lead": ("lou", "lead", "returns"),
    "manager": ("max", "manager", None),
    "quality": ("quinn", "quality", None),
    "administrator": ("adam", "administrator", None),
    "auditor": ("audrey", "auditor", None),
    "general_manager": ("gina", "general_manager", None),
    "collaborator": ("cora", "collaborator", None),
}


@dataclass(frozen=True, slots=True)
class World:
    """`other` is of the same customer; `linked` is tied to the case; `child` is put below it where that matters."""

    people: Mapping[str, Staff]
    case: Case
    other: Case
    linked: Case
    child: Case

    def named(self) -> dict[str, str]:
        """Return what stands for the objects in paths and bodies."""
        by_hand = self.case.promises.filter(kind="refund").first()
        said = self.case.entries.filter(kind="message.sent").order_by("seq").values_list("seq", flat=True)
        promise = by_hand or self.case.promises.get(kind="resolution")
        return {
            "number": self.case.number,
            "other": self.other.number,
            "linked": self.linked.number,
            "version": str(self.case.version),
            "said": str(said.first() or 1),
            "promise": str(promise.uuid),
        }


def built(state: str) -> World:
    given.a_team("returns")
    people = {
        role: given.a_person(number, role=plays, team=team) for role, (number, plays, team) in _PEOPLE.items()
    }
    for role, team in (("lead", "service"), ("other_lead", "returns")):
        Team.objects.filter(code=team).update(lead=people[role])
    sender = Sender("李雷", "13900000077")
    other, case = (given.a_case(channel="chat", sender=sender) for _ in range(2))
    linked, child = given.a_case(), given.a_case()
    by = given.actor(people["handler"])
    relating.link(case, linked, by=by, at=MONDAY_9)
    tagging.tag(case, "加急", by=by, at=MONDAY_9)
    watching.watch(case, people["quality"], by=by, at=MONDAY_9)
    owing.make(case, Made("refund", MONDAY_9 + given.days(1), "退款"), by=by, at=MONDAY_9)
    Case.objects.filter(pk=case.pk).update(missing=["order_number"])
    _bring(case, state, people, other)
    return World(people, given.fresh(case), given.fresh(other), linked, child)


def _bring(case: Case, state: str, people: Mapping[str, Staff], other: Case) -> None:
    owner, handler = given.actor(people["owner"]), people["handler"]
    by = given.actor(handler)
    if state == "queued":
        return
    if state == "new":
        lifecycle.assign(case, handler, (), by=given.actor(people["lead"]), at=MONDAY_9)
        return
    lifecycle.move(case, "accept", by=owner, at=MONDAY_9)
    lifecycle.assign(case, handler, (), by=owner, at=MONDAY_9)
    lifecycle.reply(case, "您好，正在查", by=by, at=MONDAY_9)
    ways: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "waiting": [("wait", {"waiting_for": "customer", "reason": ""})],
        "resolved": [("resolve", {"text": "已更换"})],
        "closed": [("resolve", {"text": "已更换"}), ("confirm", {"how": "call"})],
        "void": [("void", {"reason": "spam"})],
    }
    for name, told in ways.get(state, ()):
        lifecycle.move(case, name, by=by, at=MONDAY_9, **told)
    if state == "merged":
        merging.merge(case, other, by=by, at=MONDAY_9)


def api_client(staff: Staff) -> Client:
    """Only programs hold tokens; here each person has one, so that one table is tried at both doors."""
    tokens.forget()
    made = f"hy_{staff.number}"
    Token.objects.create(
        staff=staff, digest=secrets.digest("token", made), scopes=sorted(TOKEN_SCOPES), made_at=MONDAY_9
    )
    return given.with_token(made)


def desk_client(staff: Staff) -> Client:
    """A browser of this person that was used a moment ago, so that no request has to note it anew."""
    client = given.at_desk(staff)
    session = client.session
    session["seen"] = clock.now().timestamp()
    session.save()
    return client
