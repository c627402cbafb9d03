from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_assigned_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="likely_same",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
    ]
