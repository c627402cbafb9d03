"""Every right there is, with the words in which a person reads it at sign-in."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = {
    "case.read": _("see cases"),
    "case.work": _("take, answer and finish cases"),
    "case.reassign": _("give cases to others"),
    "case.void": _("void and restore cases"),
    "case.redact": _("erase words from cases for good"),
    "customer.read": _("see customers, masked"),
    "customer.reveal": _("reveal personal data, with a reason"),
    "promise.manage": _("change promises"),
    "collaboration.answer": _("answer requests of other departments"),
    "approve": _("approve what is above a limit"),
    "export": _("export, masked"),
    "export.plain": _("export unmasked, with a reason"),
    "report.read": _("read figures"),
    "audit.read": _("read the audit trail"),
    "config.write": _("change settings, rules and channels"),
    "people.write": _("manage people and roles"),
    "role.lend": _("lend your role for a time"),
    "leak.write": _("register leaks of personal data"),
}

# Withheld until the confidentiality agreement is signed: whatever shows, changes or passes on what customers gave us.
OF_CUSTOMERS = frozenset(
    {
        "case.read",
        "case.work",
        "case.reassign",
        "case.void",
        "case.redact",
        "customer.read",
        "customer.reveal",
        "promise.manage",
        "collaboration.answer",
        "approve",
        "export",
        "export.plain",
    }
)

REACHES = {
    "own": _("your own cases and the queue of your team"),
    "team": _("the cases of your team"),
    "all": _("the cases of all teams"),
    "none": _("no cases"),
}

# Scopes of a token (decisions: who may what) and the rights each needs at least one of its account's roles to have.
TOKEN_SCOPES = {
    "inbound:write": None,
    "cases:read": "case.read",
    "cases:write": "case.work",
    "cases:export": "export",
    "approvals:write": "approve",
    "customers:read": "customer.read",
    "customers:reveal": "customer.reveal",
    "knowledge:read": None,
    "reports:read": "report.read",
    "config:write": "config.write",
    "admin": "people.write",
    "audit:read": "audit.read",
}
