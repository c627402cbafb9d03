from datetime import UTC, datetime
from decimal import Decimal

from django.db import models
from django.db.models import Q

from huiyin.base.ids import uuid7
from huiyin.customers.models import Customer
from huiyin.staff.models import Site, Staff, Team
from huiyin.staff.viewer import Scope, Viewer

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # sort keys are never NULL: the two databases order NULL differently
PRIORITY_RANK = {"urgent": 0, "normal": 1, "low": 2}


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, viewer: Viewer | None) -> "CaseQuerySet":
        """Keep what this viewer may see: scopes ∪ owner ∪ handler, minus cases about the viewer."""
        if viewer is None or not viewer.scopes:
            return self.none()
        seen = Q(owner_id=viewer.staff_id) | Q(handler_id=viewer.staff_id)
        for scope in viewer.scopes:
            seen |= _within(scope)
        return self.filter(seen).exclude(about=viewer.staff_id)

    def with_people(self) -> "CaseQuerySet":
        return self.select_related("customer", "handler", "owner", "team", "site")

    def in_work(self) -> "CaseQuerySet":
        return self.filter(status__in=Case.IN_WORK)

    def by_next_promise(self) -> "CaseQuerySet":
        return self.order_by("next_due", "priority_rank", "id")

    def working_on(self, staff_id: int) -> "CaseQuerySet":
        return self.filter(handler_id=staff_id)

    def queued(self) -> "CaseQuerySet":
        return self.filter(handler=None, status__in=(Case.NEW, Case.OPEN))


def _within(scope: Scope) -> Q:
    limit = Q(pk__isnull=False)  # not an empty Q, which an “or” would forget
    if scope.teams is not None:
        limit &= Q(team_id__in=scope.teams)
    if scope.categories is not None:
        limit &= Q(category__in=scope.categories)
    if scope.reach == "own":
        # An agent sees the queue of the team (nobody works on it yet), not the work of colleagues.
        return limit & Q(handler=None)
    return limit if scope.reach in ("team", "all") else Q(pk__in=())


class Case(models.Model):
    """One customer's one matter. It changes only through `lifecycle`."""

    NEW, OPEN, WAITING, RESOLVED, CLOSED, VOID = "new", "open", "waiting", "resolved", "closed", "void"
    STATUSES = (NEW, OPEN, WAITING, RESOLVED, CLOSED, VOID)
    IN_WORK = (NEW, OPEN, WAITING, RESOLVED)
    LOADING = (NEW, OPEN)

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=40, default="service")
    family = models.CharField(max_length=10, default="service")
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True)
    channel = models.CharField(max_length=60)
    channel_kind = models.CharField(max_length=10)
    category = models.CharField(max_length=60)
    priority = models.CharField(max_length=10)
    priority_rank = models.PositiveSmallIntegerField()
    emotion = models.CharField(max_length=20, default="calm")
    missing = models.JSONField(default=list)
    status = models.CharField(max_length=10, default=NEW)
    waiting_for = models.CharField(max_length=20, default="")
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="owned_cases")
    handler = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="handled_cases")
    about = models.ManyToManyField(Staff, related_name="cases_about")
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
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

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_due", "priority_rank", "id"], name="case_next_due"),
            models.Index(fields=["handler", "status", "next_due"], name="case_of_handler"),
            models.Index(fields=["team", "status", "next_due"], name="case_of_team"),
            models.Index(fields=["customer", "-id"], name="case_of_customer"),
            models.Index(fields=["priority_rank", "next_due"], condition=Q(handler=None), name="case_queue"),
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


class Entry(models.Model):
    """One thing that happened in a case; never changed, never deleted. Nothing has a foreign key to it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_constraint=False, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    audience = models.CharField(max_length=12)
    payload = models.JSONField(default=dict)
    by_kind = models.CharField(max_length=10)
    by_ref = models.CharField(max_length=40)
    at = models.DateTimeField()
    depth = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="entry_seq_once")]


class EntryBody(models.Model):
    """The words of an entry: erasable, so kept apart. `spans` are the personal values found in them."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_constraint=False)
    seq = models.PositiveIntegerField()
    text = models.TextField()
    spans = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="body_once")]


class Promise(models.Model):
    """Something owed by a time. `due_at` = start + (target − used); `next_at` is when the clock acts on it next."""

    RUNNING, PAUSED, KEPT, BROKEN, CANCELLED = "running", "paused", "kept", "broken", "cancelled"
    STATES = (RUNNING, PAUSED, KEPT, BROKEN, CANCELLED)

    uuid = models.UUIDField(default=uuid7, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises")
    kind = models.CharField(max_length=40)
    policy = models.CharField(max_length=60)
    debtor = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="promises")
    beneficiary = models.CharField(max_length=20, default="customer")
    calendar = models.CharField(max_length=60)
    target_s = models.PositiveIntegerField(null=True)
    used_s = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_due = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    warnings = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=RUNNING)
    provisional = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    ended_cause = models.CharField(max_length=40, default="")

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="promise_next"),
            models.Index(fields=["case", "state"], name="promise_of_case"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running") | Q(next_at=None), name="only_running_promises_tick"
            )
        ]

    @property
    def is_owed(self) -> bool:
        return self.state in (self.RUNNING, self.PAUSED) or (
            self.state == self.BROKEN and self.fulfilled_at is None
        )


class AgentLoad(models.Model):
    """How much a person carries: the weights of their new and open service cases. `verify` recomputes it."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="load")
    load = models.DecimalField(max_digits=6, decimal_places=1, default=Decimal(0))
    cap = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal(5))
    last_assigned_at = models.DateTimeField(null=True)
    assigned_on = models.DateField(null=True)
    assigned_today = models.PositiveIntegerField(default=0)
