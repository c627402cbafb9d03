from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rules", "0007_without_customer"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="needs_management",
            field=models.JSONField(default=list),
        ),
    ]
