from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_plans_in_working_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="agentload",
            name="rests_until",
            field=models.DateTimeField(null=True),
        ),
    ]
