from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rules", "0005_ask_missing"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="silence_days",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="promisepolicy",
            name="average_s",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
