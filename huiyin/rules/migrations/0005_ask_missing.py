from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rules", "0004_macros_set_and_tag"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="ask_missing",
            field=models.BooleanField(default=False),
        ),
    ]
