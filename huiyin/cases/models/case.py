from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from huiyin.customers.models import Customer
from huiyin.staff.models import Site, Staff, Team
from huiyin.staff.viewer import Scope, Viewer

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # sort keys are never NULL: the two databases order NULL differently
PRIORITY_RANK = {"urgent": 0, "normal": 1, "low": 2}


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, viewer: Viewer | None) -> "CaseQuerySet":
        """Keep what this viewer may see: scopes ∪ owner ∪ handler ∪ watcher, minus cases about the viewer."""
        if viewer is None or not viewer.scopes:
            return self.none()
        seen = Q(owner_id=viewer.staff_id) | Q(handler_id=viewer.staff_id)
        seen |= Q(pk__in=_watched_by(viewer))
        for scope in viewer.scopes:
            seen |= _within(scope)
        about = Case.about.through._default_manager.filter(staff_id=viewer.staff_id)
        return self.filter(seen, ~Q(pk__in=about.values("case_id")))

    def near(self, viewer: Viewer | None) -> "CaseQuerySet":
        """Keep the same as `visible_to`, found from the viewer's own end; for lists that may hold few of many cases.

        Who sees only their own work would otherwise have every case looked at until a page is full.
        """
        if viewer is None or viewer.reaches_beyond_own:
            return self
        ends = [
            Case.objects.filter(owner_id=viewer.staff_id).values("pk"),
            Case.objects.filter(handler_id=viewer.staff_id).values("pk"),
            _watched_by(viewer),
            *(Case.objects.filter(_within(scope)).values("pk") for scope in viewer.scopes),
        ]
        return self.filter(pk__in=ends[0].union(*ends[1:]))

    def page(self, limit: int) -> "CaseQuerySet":
        """Return the first `limit` by next promise.

        The rows are chosen before anything is joined to them: sorting whole rows costs ten times as much.
        """
        chosen = self.order_by("next_due", "priority_rank", "id").values("pk")[:limit]
        return Case.objects.filter(pk__in=chosen).by_next_promise()

    def with_people(self) -> "CaseQuerySet":
        return self.select_related("customer", "handler", "owner", "team", "site", "department", "follows")

    def numbered(self, number: str) -> "Case | None":
        """Return the one of this number, or None. It needs no order, which `first()` would put together each time."""
        return next(iter(self.filter(number=number)), None)

    def in_list(self) -> "CaseQuerySet":
        """Take along those around a case as a list names them, without their other columns."""
        around = {"customer": ("number", "name", "level"), "handler": ("number",), "owner": ("number",)}
        around |= dict.fromkeys(("team", "site", "department"), ("code",))
        own = [field.name for field in Case._meta.concrete_fields]
        told = [f"{one}__{column}" for one, columns in around.items() for column in columns]
        return self.select_related(*around).only(*own, *told)

    def in_work(self) -> "CaseQuerySet":
        return self.filter(status__in=Case.IN_WORK)

    def by_next_promise(self) -> "CaseQuerySet":
        return self.order_by("next_due", "priority_rank", "id")

    def working_on(self, staff_id: int) -> "CaseQuerySet":
        return self.filter(handler_id=staff_id)

    def queued(self) -> "CaseQuerySet":
        return self.filter(handler=None, status__in=(Case.NEW, Case.OPEN))


def _watched_by(viewer: Viewer) -> models.QuerySet[Any, dict[str, Any]]:
    watchers = Case.watchers.rel.related_model._default_manager.filter(staff_id=viewer.staff_id)
    return watchers.values("case_id")


def _within(scope: Scope) -> Q:
    limit = Q(pk__isnull=False)  # not an empty Q, which an “or” would forget
    if scope.teams is not None:
        limit &= Q(team_id__in=scope.teams)
    if scope.categories is not None:
        limit &= Q(category__in=scope.categories)
    if scope.sites is not None:
        limit &= Q(site_id__in=scope.sites)
    if scope.reach == "own":
        # An agent sees the queue of the team (nobody works on it yet), not the work of colleagues.
        return limit & Q(handler=None)
    return limit if scope.reach in ("team", "all") else Q(pk__in=())


class Case(models.Model):
    """One customer's one matter. It changes only through `lifecycle`.

    `closed_loop` says how the matter was closed (`finishing.HOW`), `outcome` what the customer says of the result.
    `silence_at` is when silence confirms the result, None when it does not.
    """

    NEW, OPEN, WAITING, RESOLVED, CLOSED, VOID = "new", "open", "waiting", "resolved", "closed", "void"
    STATUSES = (NEW, OPEN, WAITING, RESOLVED, CLOSED, VOID)
    IN_WORK = (NEW, OPEN, WAITING, RESOLVED)
    LOADING = (NEW, OPEN)

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=40, default="service")
    family = models.CharField(max_length=10, default="service")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, db_index=False)
    channel = models.CharField(max_length=60)
    channel_kind = models.CharField(max_length=10)
    category = models.CharField(max_length=60)
    priority = models.CharField(max_length=10)
    priority_rank = models.PositiveSmallIntegerField()
    emotion = models.CharField(max_length=20, default="calm")
    missing = models.JSONField(default=list)
    status = models.CharField(max_length=10, default=NEW)
    waiting_for = models.CharField(max_length=20, default="")
    owner = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="owned_cases", db_index=False
    )
    handler = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="handled_cases", db_index=False
    )
    about = models.ManyToManyField(Staff, related_name="cases_about")
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="followed_by", db_index=False
    )
    likely_same = models.CharField(max_length=20, default="", blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_cases", db_index=False
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="children", db_index=False
    )
    department = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, related_name="responsible_for", db_index=False
    )
    goal = models.CharField(max_length=60, default="", blank=True)
    goal_met = models.BooleanField(null=True)
    is_complex = models.BooleanField(default=False)
    is_outbound = models.BooleanField(default=False)
    closed_loop = models.CharField(max_length=10, default="", blank=True)
    outcome = models.CharField(max_length=12, default="", blank=True)
    procedure = models.CharField(max_length=60, default="", blank=True)
    stage = models.CharField(max_length=60, default="", blank=True)
    silence_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=8)
    weight = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal("0.5"))
    escalation_level = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    entry_seq = models.PositiveIntegerField(default=0)
    link_epoch = models.PositiveSmallIntegerField(default=1)
    next_due = models.DateTimeField(default=NEVER)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    likely_number: str | None = None
    """The case that this one is likely the same as, once `sameness.fill` has looked for it."""
    follows_number: str | None = None
    """The case that this one goes on from, once `sameness.fill` has looked whether the viewer may know."""

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            # Most cases have none of these: an index of those that do costs a new one nothing.
            *(
                models.Index(fields=[name], condition=Q((f"{name}__isnull", False)), name=f"case_by_{name}")
                for name in ("owner", "department", "follows", "merged_into", "parent")
            ),
            models.Index(fields=["next_due", "priority_rank", "id"], name="case_next_due"),
            models.Index(fields=["handler", "status", "next_due"], name="case_of_handler"),
            models.Index(fields=["team", "next_due", "priority_rank"], name="case_of_team"),
            models.Index(fields=["status", "next_due", "priority_rank"], name="case_of_status"),
            models.Index(fields=["category", "next_due", "priority_rank"], name="case_of_category"),
            models.Index(fields=["customer", "-id"], name="case_of_customer"),
            models.Index(
                fields=["next_due", "priority_rank", "team"],
                condition=Q(handler=None, status__in=("new", "open")),
                name="case_queue",
            ),
            models.Index(fields=["silence_at"], condition=Q(silence_at__isnull=False), name="case_silence"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("new", "open", "waiting", "resolved", "closed", "void")),
                name="case_status_known",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in self.IN_WORK
