from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_lists_by_index"),
        ("customers", "0001_initial"),
        ("staff", "0002_keep_customers_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="silence_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("silence_at__isnull", False)), fields=["silence_at"], name="case_silence"
            ),
        ),
    ]
