import huiyin.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=huiyin.base.ids.uuid7, unique=True)),
                ("name", models.CharField(max_length=255)),
                ("content_type", models.CharField(max_length=120)),
                ("size_bytes", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("subject", models.CharField(db_index=True, max_length=80)),
                ("stored_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ConfigVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("last", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("by_kind", models.CharField(max_length=10)),
                ("by_ref", models.CharField(max_length=40)),
                ("object", models.CharField(max_length=80)),
                ("fields", models.JSONField(default=list)),
                ("reason", models.CharField(default="", max_length=200)),
                ("result", models.CharField(default="ok", max_length=20)),
                ("network", models.CharField(default="", max_length=45)),
                ("seal_seq", models.BigIntegerField(null=True, unique=True)),
                ("seal", models.CharField(default="", max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["by_ref", "id"], name="audit_by"),
                    models.Index(fields=["action", "id"], name="audit_action"),
                    models.Index(
                        condition=models.Q(("seal_seq", None)), fields=["id"], name="audit_unsealed"
                    ),
                    models.Index(fields=["object", "id"], name="audit_object"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=80)),
                ("payload", models.JSONField(default=dict)),
                ("by_kind", models.CharField(max_length=10)),
                ("by_ref", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "id"], name="fact_subject")],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scope", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=120)),
                ("digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.TextField(default="")),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("scope", "key"), name="idempotency_once")],
            },
        ),
        migrations.CreateModel(
            name="ScheduleRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("schedule", models.CharField(max_length=60)),
                ("due", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("schedule", "due"), name="schedule_once_per_due")
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lane", models.CharField(max_length=10)),
                ("function", models.CharField(max_length=120)),
                ("args", models.JSONField(default=dict)),
                ("key", models.CharField(max_length=160)),
                ("state", models.CharField(default="ready", max_length=8)),
                ("run_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("error", models.TextField(default="")),
                ("put_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "ready")), fields=["lane", "run_at"], name="task_ready"
                    ),
                    models.Index(
                        condition=models.Q(("state", "running")),
                        fields=["lane", "lease_until"],
                        name="task_running",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["done", "dead"])),
                        fields=["ended_at"],
                        name="task_ended",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["ready", "running"])),
                        fields=("key",),
                        name="task_key_once_while_not_done",
                    )
                ],
            },
        ),
    ]
