from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_exports_approved"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="working_days",
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
