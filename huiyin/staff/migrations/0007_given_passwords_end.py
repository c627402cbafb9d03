from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0006_roles_at_sites"),
    ]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="password_until",
            field=models.DateTimeField(null=True),
        ),
    ]
