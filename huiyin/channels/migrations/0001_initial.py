import django.db.models.deletion
import huiyin.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=huiyin.base.ids.uuid7, unique=True)),
                ("url", models.CharField(max_length=500)),
                ("secret", models.CharField(max_length=200)),
                ("kinds", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("failures", models.PositiveIntegerField(default=0)),
                ("held_until", models.DateTimeField(null=True)),
                ("disabled_at", models.DateTimeField(null=True)),
                ("disabled_why", models.CharField(blank=True, default="", max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True)),
                ("origin", models.CharField(default="local", max_length=40)),
                ("applied", models.JSONField(default=dict)),
                ("retired_at", models.DateTimeField(null=True)),
                ("kind", models.CharField(max_length=10)),
                ("callback_url", models.CharField(blank=True, default="", max_length=500)),
                ("callback_secret", models.CharField(blank=True, default="", max_length=200)),
                (
                    "site",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="staff.site"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80, unique=True)),
                ("case_number", models.CharField(max_length=20)),
                ("entry_seq", models.PositiveIntegerField()),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(default="", max_length=200)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="channels.account"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EndpointDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100, unique=True)),
                ("kind", models.CharField(max_length=60)),
                ("payload", models.JSONField()),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("error", models.CharField(blank=True, default="", max_length=200)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="channels.endpoint",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["endpoint", "state"], name="endpoint_state")],
            },
        ),
    ]
