from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Calendar",
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
                ("definition", models.JSONField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Category",
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
                ("parent", models.CharField(blank=True, default="", max_length=60)),
                ("name", models.JSONField()),
                ("priority", models.CharField(default="normal", max_length=10)),
                ("team", models.CharField(blank=True, default="", max_length=60)),
                ("needs", models.JSONField(default=list)),
                ("silence_confirms", models.BooleanField(default=True)),
                ("evidence", models.BooleanField(default=False)),
                ("goal", models.CharField(blank=True, default="", max_length=60)),
                ("procedure", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Form",
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
                ("definition", models.JSONField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="HolidayYear",
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
                ("status", models.CharField(max_length=12)),
                ("days", models.JSONField(default=list)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LanguageRule",
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
                ("definition", models.JSONField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Limit",
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
                ("role", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=20)),
                ("value", models.DecimalField(decimal_places=2, max_digits=12)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PhraseRule",
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
                ("text", models.CharField(max_length=500)),
                ("is_pattern", models.BooleanField(default=False)),
                ("excludes", models.JSONField(default=list)),
                ("weight", models.PositiveSmallIntegerField(default=1)),
                ("effects", models.JSONField(default=dict)),
                ("matches", models.JSONField(default=list)),
                ("ignores", models.JSONField(default=list)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Procedure",
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
                ("definition", models.JSONField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PromisePolicy",
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
                ("kind", models.CharField(max_length=40)),
                ("opens", models.CharField(default="case", max_length=12)),
                ("debtor", models.CharField(default="handler", max_length=10)),
                ("climbs", models.BooleanField(default=True)),
                ("only_complex", models.BooleanField(default=False)),
                ("seconds", models.PositiveIntegerField(null=True)),
                ("working_days", models.PositiveSmallIntegerField(null=True)),
                ("not_before_days", models.PositiveSmallIntegerField(null=True)),
                ("month_days", models.JSONField(default=list)),
                ("cut_off", models.CharField(blank=True, default="", max_length=5)),
                ("calendar", models.CharField(blank=True, default="", max_length=60)),
                ("channels", models.JSONField(default=list)),
                ("categories", models.JSONField(default=list)),
                ("not_categories", models.JSONField(default=list)),
                ("priorities", models.JSONField(default=list)),
                ("pauses_for", models.JSONField(default=list)),
                ("warn", models.JSONField(default=list)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Wording",
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
                ("text", models.JSONField()),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
