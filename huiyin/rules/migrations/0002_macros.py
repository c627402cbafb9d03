from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rules", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Macro",
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
                ("name", models.JSONField()),
                ("teams", models.JSONField(default=list)),
                ("categories", models.JSONField(default=list)),
                ("reply", models.JSONField(null=True)),
                ("promise", models.JSONField(null=True)),
                ("request", models.JSONField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
