"""Who is asking, as a value: rights and scopes, settled once at the entry and handed down."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.base.actor import Actor
from huiyin.base.question import Question
from huiyin.base.texts import in_words
from huiyin.staff import confidentiality, second_factor, sites
from huiyin.staff.models import Grant, Staff, Team
from huiyin.staff.permissions import OF_CUSTOMERS, PERMISSIONS, REACHES, TOKEN_SCOPES

PLAIN = "export.plain"


@dataclass(frozen=True, slots=True)
class Scope:
    """One role's reach: own, team or all; teams with their branches, categories and sites (None = all)."""

    reach: str
    teams: frozenset[int] | None
    categories: frozenset[str] | None
    sites: frozenset[int] | None = None

    def holds(self, team: int, site: int, category: str | None = None) -> bool:
        """Say whether work of this team at this site lies within; of this category too, unless none is named."""
        return (self.teams is None or team in self.teams) and self.holds_elsewhere(site, category)

    def holds_elsewhere(self, site: int, category: str | None = None) -> bool:
        """Say the same of work of any team."""
        return (self.sites is None or site in self.sites) and (
            self.categories is None or category is None or category in self.categories
        )


@dataclass(frozen=True, slots=True)
class Post:
    """Teams that a person belongs to, at these sites and for these categories only (None = all)."""

    teams: frozenset[int]
    sites: frozenset[int] | None
    categories: frozenset[str] | None = None

    @property
    def topics(self) -> frozenset[str]:
        """The addresses of hints, as `cases.recent` writes them."""
        where = {f"team:{t}/{s}" for t in self.teams for s in self.sites or ()}
        where = where if self.sites else {f"team:{team}" for team in self.teams}
        if self.categories is None:
            return frozenset(where)
        return frozenset(f"{place}:{code}" for place in where for code in self.categories)


@dataclass(frozen=True, slots=True)
class Viewer:
    staff_id: int
    number: str
    permissions: frozenset[str]
    scopes: tuple[Scope, ...]
    posts: tuple[Post, ...] = ()
    channels: frozenset[str] = frozenset()
    token_scopes: frozenset[str] | None = None
    must_sign: bool = False
    must_enrol: bool = False
    approves_at: frozenset[int] | None = None  # the sites to which their right to approve is limited
    plain_scopes: tuple[Scope, ...] = ()  # where they may export unmasked: the reach of the roles that say so

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def may_by_token(self, scope: str) -> bool:
        """Say whether the account behind the token holds what the scope stands for; a scope alone gives no right."""
        needed = TOKEN_SCOPES[scope]
        return needed is None or self.may(needed)

    @property
    def teams(self) -> frozenset[int]:
        """Every team that this person belongs to, at whichever site."""
        return frozenset(team for post in self.posts for team in post.teams)

    @property
    def topics(self) -> frozenset[str]:
        """What they hear of their teams."""
        return frozenset(topic for post in self.posts for topic in post.topics)

    def serves(self, team: int, site: int) -> bool:
        """Say whether they belong to this team at this site."""
        return any(team in post.teams and (post.sites is None or site in post.sites) for post in self.posts)

    @property
    def reaches_beyond_own(self) -> bool:
        """Whether the work of others is theirs to look at: agents reveal in their own open cases only."""
        return any(scope.reach in ("team", "all") for scope in self.scopes)

    @property
    def rights(self) -> str:
        """Name all that this viewer may do and see, so that a change of it shows; means nothing by itself."""
        limits = [(one.reach, one.teams, one.categories, one.sites) for one in self.scopes]
        reaches = sorted(repr((reach, *(part and sorted(part) for part in rest))) for reach, *rest in limits)
        return hashlib.sha256(repr((sorted(self.permissions), reaches)).encode()).hexdigest()[:16]

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.number, self.staff_id)


@dataclass(frozen=True, slots=True)
class _Granted:
    team: int | None
    categories: Sequence[str]
    sites: Sequence[int]
    permissions: Sequence[str]
    reach: str
    second_factor: bool


def of(
    staff: Staff, *, at: datetime, token_scopes: Iterable[str] | None = None, channels: Iterable[str] = ()
) -> Viewer:
    """Return what this person (or service account, cut down to its token's scopes) may see and do at `at`."""
    grants = [_Granted(*row) for row in _GRANTS.ask(staff=staff.pk, at=at)]
    asked = staff.kind == "person" and any(g.second_factor for g in grants)
    must_enrol = asked and not second_factor.is_on(staff)
    if must_enrol:
        grants = []
    branches = _branches() if any(g.team for g in grants) else {}
    rights = frozenset(p for g in grants for p in g.permissions)
    must_sign = bool(rights & OF_CUSTOMERS) and not confidentiality.is_signed(staff)
    if must_sign:
        rights -= OF_CUSTOMERS
    kept = None if token_scopes is None else frozenset(token_scopes)
    if kept is not None:
        rights &= frozenset(TOKEN_SCOPES[s] or "" for s in kept if s in TOKEN_SCOPES) | _implied(kept)
    reading = [g for g in grants if {"case.read"} <= rights & set(g.permissions)]
    return Viewer(
        staff_id=staff.pk,
        number=staff.number,
        permissions=rights,
        scopes=tuple(_scope(g, branches) for g in reading),
        plain_scopes=tuple(
            _scope(g, branches) for g in reading if {"export", PLAIN} <= rights & set(g.permissions)
        ),
        # Hints of a team name its cases: they too wait for the signature.
        posts=() if must_sign else _posts(grants, branches),
        channels=frozenset(channels),
        token_scopes=kept,
        must_sign=must_sign,
        must_enrol=must_enrol,
        approves_at=_approving_at(grants),
    )


def _implied(scopes: frozenset[str]) -> frozenset[str]:
    # Who may write cases by token may read what the answer shows, and act as any handler may.
    acting = {"case.read", "case.reassign", "case.void", "case.redact", "customer.read", "promise.manage"}
    implied = frozenset(acting) if "cases:write" in scopes else frozenset()
    return implied | {PLAIN} if {"cases:export", "customers:reveal"} <= scopes else implied


def _scope(grant: _Granted, branches: Mapping[int, frozenset[int]]) -> Scope:
    teams = branches[grant.team] if grant.team else None
    return Scope(grant.reach, teams, _held_to(grant.categories), frozenset(grant.sites) or None)


def _held_to(categories: Collection[str]) -> frozenset[str] | None:
    return _BELOW[0](categories) if categories else None


def _posts(grants: Sequence[_Granted], branches: Mapping[int, frozenset[int]]) -> tuple[Post, ...]:
    found: dict[tuple[frozenset[int] | None, frozenset[str] | None], frozenset[int]] = {}
    for grant in grants:
        if grant.team:
            limits = frozenset(grant.sites) or None, _held_to(grant.categories)
            found[limits] = found.get(limits, frozenset()) | branches[grant.team]
    return tuple(Post(teams, *limits) for limits, teams in found.items())


def _approving_at(grants: Sequence[_Granted]) -> frozenset[int] | None:
    limits = [grant.sites for grant in grants if "approve" in grant.permissions]
    return frozenset(site for sites_ in limits for site in sites_) if limits and all(limits) else None


def limits_of(grant: Grant) -> Scope:
    """Return the sites and categories to which a grant is limited, of whichever team."""
    return Scope(grant.role.reach, None, _held_to(grant.categories), frozenset(grant.sites) or None)


def branch_of(team: int) -> frozenset[int]:
    """Return the team with everything below it."""
    return _branches()[team]


def _branches() -> dict[int, frozenset[int]]:
    children: dict[int | None, list[int]] = {}
    for pk, parent in _TEAMS.ask():
        children.setdefault(parent, []).append(pk)

    def branch(team: int) -> frozenset[int]:
        return frozenset({team}).union(*(branch(child) for child in children.get(team, ())))

    return {team: branch(team) for teams in children.values() for team in teams}


def tell_categories(below: Callable[[Collection[str]], frozenset[str]]) -> None:
    """Say what lies below categories, for `rules`, which stands above and knows; until then nothing does."""
    _BELOW[0] = below


def in_sentences(staff: Staff, *, named: Callable[[str], str], at: datetime) -> list[str]:
    """Return, in the reader's language, what this person may do: one sentence a role (ACC-3).

    `named` gives the name of a category by its code.
    """
    sentences = []
    held = Grant.objects.filter(Q(until=None) | Q(until__gt=at), staff=staff).select_related("role", "team")
    places = sites.of(held)
    for grant in held:
        rights = _(", ").join(str(PERMISSIONS[p]) for p in grant.role.permissions if p in PERMISSIONS)
        where = in_words(grant.team.name) if grant.team else _("every team")
        if grant.sites:
            at_sites = _(", ").join(in_words(places[site].name) for site in grant.sites)
            where = _("%(team)s at %(sites)s") % {"team": where, "sites": at_sites}
        if grant.categories:
            only = _(", ").join(named(code) for code in grant.categories)
            where = _("%(team)s, only %(categories)s,") % {"team": where, "categories": only}
        reach = str(REACHES[grant.role.reach])
        sentence = _("As %(role)s for %(team)s you see %(reach)s. You may %(rights)s.")
        if grant.role.reach == "none":
            sentence = _("As %(role)s for %(team)s you see no cases. You may %(rights)s.")
        told = {"role": in_words(grant.role.name), "team": where, "reach": reach, "rights": rights}
        sentences.append(sentence % told)
    return sentences


def _grants(staff: Any, at: Any) -> QuerySet[Grant, tuple[Any, ...]]:
    held = Grant.objects.filter(Q(until=None) | Q(until__gt=at), staff__id=staff)
    return held.values_list(
        "team_id", "categories", "sites", "role__permissions", "role__reach", "role__second_factor"
    )


_BELOW: list[Callable[[Collection[str]], frozenset[str]]] = [frozenset]
# Every page begins with these.
_GRANTS = Question(_grants)
_TEAMS = Question(lambda: Team.objects.values_list("pk", "parent_id"))
