from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_fewer_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="need",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
    ]
