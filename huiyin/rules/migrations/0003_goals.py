from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rules", "0002_macros"),
    ]

    operations = [
        migrations.CreateModel(
            name="Goal",
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
            ],
            options={
                "abstract": False,
            },
        ),
    ]
