from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_those_there_are"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="preference",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    ]
