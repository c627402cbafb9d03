from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="site",
            name="keep_customers_days",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
