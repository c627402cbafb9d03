from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rules", "0003_goals"),
    ]

    operations = [
        migrations.AddField(
            model_name="macro",
            name="sets",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="macro",
            name="tags",
            field=models.JSONField(default=list),
        ),
    ]
