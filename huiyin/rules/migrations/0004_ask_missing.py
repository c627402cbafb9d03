from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rules", "0003_goals"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="ask_missing",
            field=models.BooleanField(default=False),
        ),
    ]
