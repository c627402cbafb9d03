"""Reports that a stage owes: who holds the roles it names is let in and told; a role without a holder shows."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from django.db.models import Q

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries, watching
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case
from huiyin.cases.typed import Invalid
from huiyin.staff.models import Grant, Role, Staff


def report(case: Case, roles: Collection[str], *, by: Actor, at: datetime) -> None:
    """Record whom the case is reported to; reactions tell them. Each call reports again.

    Who could not see it until now follows it, where their role reads cases, and so reads the report. A role that
    nobody reachable holds has an entry of its own: a report to nobody must not be taken for one.
    """
    with tx.write():
        held = {code: _holders(case, [code], at) for code in roles}
        for person in dict.fromkeys(one for people in held.values() for one in people):
            if not watching.sees(case, person, at=at):
                with (
                    suppress(Invalid),
                    tx.attempt(),
                ):  # their role sees no cases at all: they are told that there is one
                    watching.watch(case, person, by=by, at=at)
        names = dict(Role.objects.filter(code__in=roles).values_list("code", "name"))
        drafts = [
            Draft(
                kind, {"codes": codes, "roles": [names.get(code, {"zh": code, "en": code}) for code in codes]}
            )
            for kind, codes in (
                ("case.reported", [code for code in roles if held[code]]),
                ("report.unheld", [code for code in roles if not held[code]]),
            )
            if codes
        ]
        entries.append(case, drafts, by=by, at=at)


def told_of(case: Case, roles: Collection[str], *, at: datetime) -> list[int]:
    """Return the people behind these roles whom the case is not about, by their row numbers."""
    return [person.pk for person in _holders(case, roles, at)]


def _holders(case: Case, roles: Collection[str], at: datetime) -> list[Staff]:
    in_force = Q(until=None) | Q(until__gt=at)
    held = Grant.objects.filter(in_force, role__code__in=roles, role__retired_at=None)
    people = Staff.objects.filter(pk__in=held.values("staff"), is_active=True, kind="person")
    return list(people.exclude(pk__in=case.about.values("pk")).order_by("pk"))
