import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("channels", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="InboxItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("external_id", models.CharField(max_length=200)),
                ("variant", models.CharField(default="", max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.JSONField()),
                ("files", models.JSONField(default=list)),
                ("state", models.CharField(max_length=12)),
                ("case_number", models.CharField(default="", max_length=20)),
                ("entry_seq", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(default="", max_length=300)),
                ("received_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="channels.account"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["received_at"], name="inbox_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("state", "done")), fields=["received_at"], name="inbox_done"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "external_id", "variant"), name="inbox_once_per_id"
                    )
                ],
            },
        ),
    ]
