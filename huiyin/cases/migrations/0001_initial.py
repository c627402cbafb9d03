import datetime
import django.db.models.deletion
import huiyin.base.ids
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgentLoad",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("load", models.DecimalField(decimal_places=1, default=Decimal("0"), max_digits=6)),
                ("cap", models.DecimalField(decimal_places=1, default=Decimal("5"), max_digits=4)),
                ("last_assigned_at", models.DateTimeField(null=True)),
                ("assigned_on", models.DateField(null=True)),
                ("assigned_today", models.PositiveIntegerField(default=0)),
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="load",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("kind", models.CharField(default="service", max_length=40)),
                ("family", models.CharField(default="service", max_length=10)),
                ("channel", models.CharField(max_length=60)),
                ("channel_kind", models.CharField(max_length=10)),
                ("category", models.CharField(max_length=60)),
                ("priority", models.CharField(max_length=10)),
                ("priority_rank", models.PositiveSmallIntegerField()),
                ("emotion", models.CharField(default="calm", max_length=20)),
                ("missing", models.JSONField(default=list)),
                ("status", models.CharField(default="new", max_length=10)),
                ("waiting_for", models.CharField(default="", max_length=20)),
                ("goal", models.CharField(blank=True, default="", max_length=60)),
                ("goal_met", models.BooleanField(null=True)),
                ("is_complex", models.BooleanField(default=False)),
                ("is_outbound", models.BooleanField(default=False)),
                ("closed_loop", models.CharField(blank=True, default="", max_length=10)),
                ("outcome", models.CharField(blank=True, default="", max_length=12)),
                ("procedure", models.CharField(blank=True, default="", max_length=60)),
                ("stage", models.CharField(blank=True, default="", max_length=60)),
                ("snoozed_until", models.DateTimeField(null=True)),
                ("title", models.CharField(max_length=200)),
                ("language", models.CharField(max_length=8)),
                ("weight", models.DecimalField(decimal_places=1, default=Decimal("0.5"), max_digits=4)),
                ("escalation_level", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("entry_seq", models.PositiveIntegerField(default=0)),
                ("link_epoch", models.PositiveSmallIntegerField(default=1)),
                (
                    "next_due",
                    models.DateTimeField(
                        default=datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("about", models.ManyToManyField(related_name="cases_about", to=settings.AUTH_USER_MODEL)),
                (
                    "customer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="customers.customer"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsible_for",
                        to="staff.team",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="cases.case",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handled_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_cases",
                        to="cases.case",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="cases.case",
                    ),
                ),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="staff.site")),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="staff.team")),
            ],
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links_to", to="cases.case"
                    ),
                ),
                (
                    "two",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links_from",
                        to="cases.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tag", models.CharField(db_index=True, max_length=40)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tags", to="cases.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Collaboration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=huiyin.base.ids.uuid7, unique=True)),
                ("kind", models.CharField(default="request", max_length=10)),
                ("state", models.CharField(default="open", max_length=10)),
                ("subject", models.CharField(max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests_received",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collaborations",
                        to="cases.case",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="staff.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Compensation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=huiyin.base.ids.uuid7, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("value", models.DecimalField(decimal_places=2, max_digits=12)),
                ("basis", models.CharField(max_length=300)),
                ("state", models.CharField(default="proposed", max_length=10)),
                ("at", models.DateTimeField()),
                (
                    "approval",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compensation",
                        to="cases.collaboration",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compensations",
                        to="cases.case",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compensations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="cases.case"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=60)),
                ("audience", models.CharField(max_length=12)),
                ("payload", models.JSONField(default=dict)),
                ("by_kind", models.CharField(max_length=10)),
                ("by_ref", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("depth", models.PositiveSmallIntegerField(default=0)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="cases.case",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EntryBody",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("spans", models.JSONField(default=list)),
                ("digest", models.CharField(max_length=64)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="cases.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("status_before", models.CharField(max_length=10)),
                ("moved", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "secondary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merged_by", to="cases.case"
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="cases.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=huiyin.base.ids.uuid7, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("debtor_rule", models.CharField(default="person", max_length=10)),
                ("phases", models.JSONField(default=list)),
                ("starts_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("opened_up_to", models.DateTimeField()),
                ("paused_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="customers.customer"
                    ),
                ),
                (
                    "debtor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="staff.team")),
            ],
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due", models.DateTimeField()),
                ("case_number", models.CharField(max_length=20)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurrences",
                        to="cases.plan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=huiyin.base.ids.uuid7, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("policy", models.CharField(max_length=60)),
                ("beneficiary", models.CharField(default="customer", max_length=20)),
                ("calendar", models.CharField(max_length=60)),
                ("days", models.PositiveSmallIntegerField(null=True)),
                ("cut_off", models.CharField(blank=True, default="", max_length=5)),
                ("about", models.CharField(blank=True, default="", max_length=200)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("target_s", models.PositiveIntegerField(null=True)),
                ("used_s", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("first_due", models.DateTimeField()),
                ("not_before", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("warnings", models.JSONField(default=list)),
                ("state", models.CharField(default="running", max_length=10)),
                ("provisional", models.BooleanField(default=False)),
                ("paused_at", models.DateTimeField(null=True)),
                ("pauses", models.JSONField(default=list)),
                ("waited", models.DurationField(default=datetime.timedelta)),
                ("broken_at", models.DateTimeField(null=True)),
                ("fulfilled_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_cause", models.CharField(default="", max_length=40)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="promises", to="cases.case"
                    ),
                ),
                (
                    "debtor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="collaboration",
            name="promise",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collaboration",
                to="cases.promise",
            ),
        ),
        migrations.CreateModel(
            name="Watcher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="watchers", to="cases.case"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watched",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["next_due", "priority_rank", "id"], name="case_next_due"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["handler", "status", "next_due"], name="case_of_handler"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["team", "status", "next_due"], name="case_of_team"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["customer", "-id"], name="case_of_customer"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("handler", None)), fields=["priority_rank", "next_due"], name="case_queue"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ("new", "open", "waiting", "resolved", "closed", "void"))),
                name="case_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="caselink",
            constraint=models.UniqueConstraint(fields=("one", "two", "kind"), name="link_once"),
        ),
        migrations.AddConstraint(
            model_name="casetag",
            constraint=models.UniqueConstraint(fields=("case", "tag"), name="tag_once"),
        ),
        migrations.AddConstraint(
            model_name="drafttext",
            constraint=models.UniqueConstraint(fields=("staff", "case", "kind"), name="draft_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("case", "seq"), name="entry_seq_once"),
        ),
        migrations.AddConstraint(
            model_name="entrybody",
            constraint=models.UniqueConstraint(fields=("case", "seq"), name="body_once"),
        ),
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["opened_up_to"], name="plan_running"
            ),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.UniqueConstraint(fields=("plan", "due"), name="occurrence_once"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="promise_next"
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["case", "state"], name="promise_of_case"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "running"), ("next_at", None), _connector="OR"),
                name="only_running_promises_tick",
            ),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(fields=["department", "state"], name="request_of_department"),
        ),
        migrations.AddConstraint(
            model_name="watcher",
            constraint=models.UniqueConstraint(fields=("case", "staff"), name="watch_once"),
        ),
    ]
