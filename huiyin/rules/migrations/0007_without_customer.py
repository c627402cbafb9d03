from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rules", "0006_silence_and_average"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="without_customer",
            field=models.BooleanField(default=False),
        ),
    ]
