from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_messages_come_in_signed"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="reason",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="endpointdelivery",
            name="reason",
            field=models.JSONField(default=dict),
        ),
    ]
