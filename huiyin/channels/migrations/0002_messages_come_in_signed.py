from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="signing_secret",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    ]
