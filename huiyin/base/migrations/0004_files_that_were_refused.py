from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0003_audit_is_guarded"),
    ]

    operations = [
        migrations.AddField(
            model_name="blob",
            name="refused",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
    ]
