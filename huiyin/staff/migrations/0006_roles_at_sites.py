from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0005_calendars_of_teams"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="sites",
            field=models.JSONField(default=list),
        ),
    ]
