"""Why a change to people, teams or roles was not made: a code with its parameters, told in the reader's words."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "unknown": _("What was named does not exist: %(what)s."),
    "number_taken": _("Somebody has the employee number %(number)s."),
    "number_bad": _("An employee number has 1 to 20 letters, digits, hyphens or underscores."),
    "name_missing": _("A name is missing, or longer than 60 characters."),
    "names_missing": _("Write the name in Chinese and in English."),
    "code_bad": _("A code has 1 to 50 small letters, digits, hyphens or underscores."),
    "code_taken": _("The code %(what)s is taken: choose another."),
    "cycle": _("A team cannot stand below itself."),
    "retired": _("%(what)s is retired."),
    "default_needed": _("One team must be the default one: mark another first."),
    "has_children": _("Other teams stand below this one: move them first."),
    "team_in_use": _("%(count)s open cases are with this team: move them first."),
    "function_taken": _("The function %(function)s belongs to %(team)s."),
    "function_bad": _("A function is written in small letters, such as logistics."),
    "not_active": _("%(who)s does not work here."),
    "zone_unknown": _("There is no time zone %(zone)s."),
    "calendar_missing": _("Name the calendar of the site."),
    "kept_too_short": _("Customers are kept for at least %(days)s days, in whole days, or for ever."),
    "permission_unknown": _("There is no right %(what)s."),
    "reach_unknown": _("Choose how far the role reaches."),
    "role_in_use": _("Somebody has this role: withdraw it first."),
    "last_administrator": _(
        "Then nobody could manage people any more. Give that right to somebody else first."
    ),
    "future": _("This cannot lie ahead."),
    "seniority_bad": _("Seniority is a whole number from 0 to 100."),
    "time_unreadable": _("Write the time as day and hour."),
    "past": _("The end must lie ahead."),
    "lend_to_self": _("You have this role yourself."),
    "lend_too_long": _("A role is lent for 92 days at most."),
    "lend_not_yours": _("You can lend only what you hold yourself, within your own teams and categories."),
    "has_it_already": _("%(who)s has this role there already."),
    "not_lent": _("This role is not lent, or not yours to end."),
    "own_account": _("You cannot end your own account."),
    "left_already": _("%(who)s has left already."),
    "still_carries": _(
        "%(cases)s open cases, %(promises)s promises and %(requests)s requests are still with them: "
        "choose who takes over, or the queue."
    ),
    "cannot_take": _("%(who)s cannot take this over."),
    "outside_limits": _(
        "%(who)s works for other categories or sites than some of these cases: choose somebody else, or the queue."
    ),
    "still_cares": _(
        "%(customers)s customers have them as their own person: choose who takes these over, or nobody."
    ),
    "not_agreed": _("Tick the box to accept the agreement; without it you cannot see customers."),
    "agreement_outdated": _("The agreement has a newer version: read it and sign that."),
    "leak_empty": _("Say what happened, and which fields were concerned."),
    "field_unknown": _("There is no personal field %(what)s."),
    "customer_unknown": _("There is no customer %(what)s."),
    "measures_missing": _("Say what was done about it."),
    "file_empty": _("The file holds no people."),
    "file_too_long": _("A file holds %(limit)s people at most: import it in parts."),
    "file_unreadable": _("The file is neither UTF-8 nor GB18030: save it as CSV again."),
    "columns": _("The first line must name the columns %(columns)s."),
    "import_faults": _("%(count)s lines cannot be used; nobody was imported."),
    "expiry_past": _("The expiry must lie ahead."),
    "scope_unknown": _("There is no scope %(what)s."),
    "scopes_missing": _("Choose what the token may do."),
    "code_wrong": _(
        "This code is not the one that the app shows now. Check the clock of the phone and try again."
    ),
    "factor_required": _("One of your roles asks for a second factor: it can be renewed, not turned off."),
    "factor_missing": _("%(who)s has no second factor."),
    "not_a_service": _("%(who)s is a person; tokens belong to service accounts."),
}

# What is told instead of `unknown` when `kind` says what was looked for; with an empty `what` none was named.
UNKNOWN = {
    "role": (_("There is no role %(what)s."), _("Choose a role.")),
    "team": (_("There is no team %(what)s."), _("Choose a team.")),
    "site": (_("There is no site %(what)s."), _("Choose a site.")),
    "person": (_("Nobody has the employee number %(what)s."), _("Write an employee number.")),
    "leaver": (_("%(what)s is not among those who left."), _("Write an employee number.")),
    "language": (_("There is no language %(what)s."), _("Choose a language.")),
    "category": (_("There is no category %(what)s."), _("Choose a category.")),
    "calendar": (_("There is no calendar %(what)s."), _("Choose a calendar.")),
    "token": (_("This token does not exist any more."), _("Choose a token.")),
    "leak": (_("This leak is not in the register."), _("Choose a leak.")),
}


class Refusal(Exception):
    """Nothing was changed. `code` is stable, `params` fill its sentence."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return str(self._sentence()) % self.params

    def _sentence(self) -> object:
        if self.code != "unknown" or self.params.get("kind") not in UNKNOWN:
            return SENTENCES[self.code]
        named, unnamed = UNKNOWN[str(self.params["kind"])]
        return named if self.params["what"] else unnamed
