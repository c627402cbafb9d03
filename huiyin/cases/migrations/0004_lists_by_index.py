from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_likely_same"),
        ("customers", "0001_initial"),
        ("staff", "0002_keep_customers_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_of_team",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_queue",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["team", "next_due", "priority_rank"], name="case_of_team"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["status", "next_due", "priority_rank"], name="case_of_status"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["category", "next_due", "priority_rank"], name="case_of_category"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("handler", None), ("status__in", ("new", "open"))),
                fields=["next_due", "priority_rank", "team"],
                name="case_queue",
            ),
        ),
    ]
