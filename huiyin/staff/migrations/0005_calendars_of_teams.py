from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0004_second_factor"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="calendar",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
    ]
