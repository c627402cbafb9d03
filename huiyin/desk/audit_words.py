"""Rows of the audit trail in the reader's words: what was done, to what, and which fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from huiyin.base.models import AuditRow
from huiyin.base.texts import in_words
from huiyin.staff import roles, teams
from huiyin.staff.models import Role

ACTIONS = {
    "agreement.signed": _("signed the confidentiality agreement"),
    "audit.swept": _("swept what was kept long enough"),
    "calendar.set": _("set a calendar"),
    "channel.callback_set": _("set where a channel's answers go"),
    "channel.signing_set": _("set the signing secret of a channel"),
    "consent.given": _("recorded a customer's consent"),
    "consent.withdrawn": _("recorded that consent was withdrawn"),
    "customer.blocked": _("blocked a customer"),
    "customer.changed": _("changed a customer"),
    "customer.erased": _("erased a customer"),
    "customer.made": _("entered a customer"),
    "customer.merged": _("merged customers"),
    "customer.revealed": _("revealed personal data"),
    "customer.unblocked": _("unblocked a customer"),
    "customer.unmerged": _("undid a merge of customers"),
    "customers.given_away": _("gave customers to somebody else"),
    "customers.taken_over": _("took customers over"),
    "endpoint.changed": _("changed a webhook"),
    "endpoint.disabled": _("disabled a webhook that kept failing"),
    "endpoint.enabled": _("enabled a webhook"),
    "endpoint.made": _("set up a webhook"),
    "endpoint.paused": _("paused a webhook"),
    "endpoint.removed": _("removed a webhook"),
    "endpoint.resent": _("sent a webhook again"),
    "entry.redacted": _("erased words from a case for good"),
    "erasure.asked": _("asked for a customer to be erased"),
    "export.approved": _("approved an export"),
    "export.asked": _("asked for an export"),
    "export.refused": _("did not approve an export"),
    "export.withdrawn": _("withdrew an export"),
    "grant.given": _("gave a role"),
    "grant.withdrawn": _("withdrew a role"),
    "help.asked": _("asked for help: too much to do"),
    "holidays.set": _("set the holidays of a year"),
    "leak.closed": _("closed a leak"),
    "leak.measured": _("recorded what was done about a leak"),
    "leak.registered": _("registered a leak"),
    "limit.set": _("set a limit of compensation"),
    "macro.retired": _("retired a macro"),
    "macro.set": _("set a macro"),
    "message.released": _("released a blocked message"),
    "notices.read": _("read the notices of a person"),
    "organisation.made": _("entered an organisation"),
    "overload.ended": _("ended a report of being at the limit"),
    "overload.relieved": _("took cases off somebody at the limit"),
    "overload.reported": _("reported being at the limit"),
    "overload.stood_in": _("found a stand-in for somebody at the limit"),
    "pack.installed": _("installed a pack"),
    "password.aged": _("had to choose a new password: too old"),
    "password.changed": _("changed a password"),
    "password.reset": _("reset a password"),
    "policy.retired": _("switched a promise rule off"),
    "policy.set": _("set a promise rule"),
    "proof.given": _("proved who they are once more"),
    "proof.refused": _("failed to prove who they are"),
    "records.exported": _("exported service records, masked"),
    "records.exported_plain": _("exported service records, unmasked"),
    "role.changed": _("changed a role"),
    "role.handed_back": _("handed a lent role back"),
    "role.lending_over": _("a lent role ran out"),
    "role.lent": _("lent a role"),
    "role.made": _("made a role"),
    "role.retired": _("retired a role"),
    "second_factor.codes_made": _("made new recovery codes"),
    "second_factor.recovery_used": _("signed in by a recovery code"),
    "second_factor.renewed": _("renewed the second factor"),
    "second_factor.taken_away": _("took the second factor of a person away"),
    "second_factor.turned_off": _("turned the second factor off"),
    "second_factor.turned_on": _("turned the second factor on"),
    "session.ended": _("ended a session"),
    "sign_in.accepted": _("signed in"),
    "sign_in.half": _("gave the right password; the second factor is still to come"),
    "sign_in.locked": _("was locked out after failures"),
    "sign_in.refused": _("failed to sign in"),
    "site.changed": _("changed a site"),
    "site.made": _("made a site"),
    "staff.came_back": _("let a person in again"),
    "staff.described": _("changed what is written about a person"),
    "staff.joined": _("entered a person"),
    "staff.left": _("ended an account"),
    "team.changed": _("changed a team"),
    "team.made": _("made a team"),
    "team.restored": _("took a team into use again"),
    "team.retired": _("retired a team"),
    "token.made": _("made an API token"),
    "token.revoked": _("revoked an API token"),
    "view.removed": _("removed a shared view"),
    "view.shared": _("shared a view"),
}
OBJECTS = {
    "calendar": _("Calendar"),
    "case": _("Case"),
    "cases": _("Cases"),
    "channel": _("Channel"),
    "customer": _("Customer"),
    "endpoint": _("Webhook"),
    "export": _("Export"),
    "holidays": _("Holidays"),
    "leak": _("Leak"),
    "macro": _("Macro"),
    "organisation": _("Organisation"),
    "pack": _("Pack"),
    "policy": _("Promise rule"),
    "records": _("Service records"),
    "role": _("Role"),
    "site": _("Site"),
    "staff": _("Person"),
    "team": _("Team"),
    "view": _("View"),
}
FIELDS = {
    "address": _("Address"),
    "blocked_at": _("blocked"),
    "calendar": _("Calendar"),
    "callback_url": _("address for answers"),
    "case": _("Case"),
    "categories": _("Categories"),
    "contact": _("Contact"),
    "deputies": _("Deputies"),
    "email": _("E-mail"),
    "for": _("stands in for"),
    "functions": _("Functions"),
    "import": _("by import"),
    "kinds": _("Kinds"),
    "language": _("Language"),
    "lead": _("Lead"),
    "level": _("Level"),
    "name": _("Name"),
    "organisation": _("Organisation"),
    "parent": _("Team above"),
    "permissions": _("Rights"),
    "phone": _("Phone"),
    "preference": _("Likes to buy"),
    "reach": _("Reach"),
    "role": _("Role"),
    "seniority": _("Seniority"),
    "signed_at": _("signed"),
    "site": _("Site"),
    "sites": _("Sites"),
    "team": _("Team"),
    "to": _("to"),
    "until": _("until"),
    "url": _("Address"),
    "version": _("Version"),
    "zone": _("Time zone"),
}


RESULTS = {
    "ok": pgettext_lazy("audit result", "done"),
    "refused": pgettext_lazy("audit result", "refused"),
    "off": pgettext_lazy("audit result", "switched off"),
}


def action(code: str) -> str:
    """Return what was done, in the reader's language."""
    return str(ACTIONS.get(code, code))


def target(stored: str) -> str:
    """Return to what it was done: the kind of thing in words, and which."""
    return _in_two(stored, OBJECTS)


def fields(row: AuditRow, names: Mapping[str, str]) -> str:
    """Return the fields of a row in words, with what was told of each; `names` as `names_in` returns them."""
    if row.action == "pack.installed":
        return gettext(", ").join(row.fields)  # the codes of what came with it, no fields
    return gettext(", ").join(_in_two(str(one), FIELDS, names) for one in row.fields)


def names_in(rows: Iterable[AuditRow]) -> dict[str, str]:
    """Return the names of roles and teams as the fields of these rows write them, `role:CODE` and `team:CODE`."""
    kinds = {str(one).partition(":")[0] for row in rows for one in row.fields}
    named = [
        *(roles.everything() if "role" in kinds else ()),
        *(teams.everything() if "team" in kinds else ()),
    ]
    words = {f"{'role' if isinstance(one, Role) else 'team'}:{one.code}": in_words(one.name) for one in named}
    return {**words, "team:None": gettext("every team")}


def _in_two(stored: str, words: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    name, colon, rest = stored.partition(":")
    label = str(words.get(name, name))
    return f"{label} {(names or {}).get(stored, rest)}" if colon else label
