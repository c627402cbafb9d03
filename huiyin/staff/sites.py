"""Sites: brands, shops, estates, each with a zone, a language and a calendar of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiyin.base import audit, configured, tx
from huiyin.base.actor import Actor
from huiyin.staff.models import Grant, Site
from huiyin.staff.refusal import Refusal
from huiyin.staff.teams import CODE, names

KEPT_AT_LEAST_DAYS = 30
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a site shall be; `calendar` is the code of a calendar.

    `keep_customers_days`: customers of whom nothing was heard for so long are erased; None keeps them.
    """

    name: Mapping[str, str]
    zone: str
    language: str
    calendar: str
    keep_customers_days: int | None = None


def everything() -> list[Site]:
    """Return every site by its code."""
    return list(Site.objects.order_by("code"))


def of(grants: Iterable[Grant]) -> dict[int, Site]:
    """Return the sites that these grants are limited to, by row number; one query, none when none is limited."""
    wanted = {site for grant in grants for site in grant.sites}
    return Site.objects.in_bulk(wanted) if wanted else {}


def rows_of(codes: Iterable[str]) -> list[int]:
    """Return the row numbers of the sites of these codes, in order. Raises Refusal."""
    wanted = {code.strip() for code in codes} - {""}
    found = dict(Site.objects.filter(code__in=wanted).values_list("code", "pk")) if wanted else {}
    if unknown := wanted - found.keys():
        raise Refusal("unknown", kind="site", what=", ".join(sorted(unknown)))
    return sorted(found.values())


def save(code: str, wanted: Wanted, *, by: Actor, at: datetime) -> Site:
    """Make the site or change it; a second call changes nothing. Raises Refusal."""
    if not CODE.fullmatch(code):
        raise Refusal("code_bad")
    if not wanted.calendar.strip():
        raise Refusal("calendar_missing")
    if wanted.keep_customers_days is not None and wanted.keep_customers_days < KEPT_AT_LEAST_DAYS:
        raise Refusal("kept_too_short", days=KEPT_AT_LEAST_DAYS)
    if wanted.language not in LANGUAGES:
        raise Refusal("unknown", kind="language", what=wanted.language)
    try:
        ZoneInfo(wanted.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal("zone_unknown", zone=wanted.zone) from None
    told = {
        "name": names(wanted.name),
        "zone": wanted.zone,
        "language": wanted.language,
        "calendar": wanted.calendar.strip(),
        "keep_customers_days": wanted.keep_customers_days,
    }
    with tx.write():
        site = Site.objects.select_for_update().filter(code=code).first()
        changed = sorted(name for name, value in told.items() if site is None or getattr(site, name) != value)
        if changed:
            action = "site.changed" if site else "site.made"
            site, _ = Site.objects.update_or_create(code=code, defaults=told)
            audit.write(action, f"site:{code}", by=by, at=at, fields=changed)
        if "calendar" in changed:
            configured.bump()  # what runs is reckoned anew
    assert site is not None
    return site
