from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]

    operations = [
        migrations.AddField("task", "budget", models.PositiveSmallIntegerField(default=50)),
        migrations.AddField("task", "depth", models.PositiveSmallIntegerField(default=0)),
    ]
