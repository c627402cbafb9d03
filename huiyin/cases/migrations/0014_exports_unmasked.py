from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_who_takes_no_new_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="export",
            name="plain",
            field=models.BooleanField(default=False),
        ),
    ]
