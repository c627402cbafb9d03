import unicodedata

import django.db.models.deletion
import huiyin.base.ids
from django.conf import settings
from django.db import migrations, models


def fold_tags(apps, schema_editor):
    """Give each tag the key it is compared by; of two that differ by case only the first stays."""
    seen = set()
    for row in apps.get_model("cases", "CaseTag").objects.order_by("id"):
        row.key = unicodedata.normalize("NFKC", row.tag).casefold()
        if (row.case_id, row.key) in seen:
            row.delete()
        else:
            row.save()
        seen.add((row.case_id, row.key))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_search"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=huiyin.base.ids.uuid7, unique=True)),
                ("seq", models.PositiveIntegerField()),
                ("state", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=huiyin.base.ids.uuid7, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("filters", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="casetag",
            name="tag_once",
        ),
        migrations.RemoveConstraint(
            model_name="drafttext",
            name="draft_once",
        ),
        migrations.AddField(
            model_name="casetag",
            name="key",
            field=models.CharField(db_index=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.RunPython(fold_tags, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name="drafttext",
            name="seen_seq",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="casetag",
            name="tag",
            field=models.CharField(max_length=40),
        ),
        migrations.AddConstraint(
            model_name="casetag",
            constraint=models.UniqueConstraint(fields=("case", "key"), name="tag_once"),
        ),
        migrations.AddConstraint(
            model_name="drafttext",
            constraint=models.UniqueConstraint(fields=("staff", "case"), name="draft_once"),
        ),
        migrations.AddField(
            model_name="mention",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mentions_made",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mentions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="team",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to="staff.team",
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(fields=["staff", "-id"], name="mention_of_person"),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")), fields=("case", "staff"), name="mention_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("owner", "name"), name="view_named_once"),
        ),
    ]
