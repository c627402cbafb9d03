"""Where messages can come in and go to: sites, teams and accounts, as of at most a second ago.

Every group of messages asks for them, and they change a few times a month. What was added since is found all the same:
a code that is not known is looked for once more.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from huiyin.base.held import Held
from huiyin.channels.models import Account
from huiyin.staff import teams
from huiyin.staff.models import Site, Team


class UnknownChannel(Exception):
    """No account has this code. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class _House:
    site: Site
    accounts: Mapping[str, Account]
    teams: Mapping[str, tuple[Any, ...]]
    default: str
    looked_for: set[str] = field(default_factory=set)


_COLUMNS = [field.attname for field in Team._meta.concrete_fields]
_columns_of = attrgetter(*_COLUMNS)


def _read() -> _House:
    known = teams.by_name()
    return _House(
        site=Site.objects.order_by("id")[0],
        accounts={a.code: a for a in Account.objects.filter(retired_at=None).select_related("site")},
        teams={name: _columns_of(team) for name, team in known.items()},
        default=next((team.code for team in known.values() if team.is_default), ""),
    )


_held = Held(_read)
forget = _held.forget


def site() -> Site:
    """Return the site that messages belong to: the first one."""
    return _held.get().site


def accounts(codes: Set[str]) -> dict[str, Account]:
    """Return the accounts of these codes; raises UnknownChannel naming those that there are not."""
    known = _knowing(codes, lambda house: house.accounts).accounts
    if missing := codes - known.keys():
        raise UnknownChannel(", ".join(sorted(missing)))
    return {code: known[code] for code in codes}


def team(code: str) -> Team:
    """Return the team of this code or with this function, or the default one; raises LookupError when there is neither.

    Each call returns an object of its own: whom it is led by is read from the database when it is asked for.
    """
    house = _knowing({code} - {""}, lambda house: house.teams)
    columns = house.teams.get(code) or house.teams.get(house.default)
    if columns is None:
        forget()
        raise LookupError("no team is marked as the default one; mark one")
    return Team.from_db("default", _COLUMNS, columns)


def _knowing(codes: Set[str], of: Callable[[_House], Mapping[str, object]]) -> _House:
    """Return the house, read once more if it lacks one of the codes, which were not looked for before."""
    house = _held.get()
    if lacking := codes - of(house).keys() - house.looked_for:
        forget()
        house = _held.get()
        house.looked_for.update(lacking)
    return house
