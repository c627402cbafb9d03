import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
        ("customers", "0002_fewer_indexes"),
        ("intake", "0002_blocked_messages"),
        ("staff", "0003_former_passwords"),
    ]

    operations = [
        migrations.AlterField(
            model_name="inboxitem",
            name="account",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="channels.account"
            ),
        ),
        migrations.AlterField(
            model_name="inboxitem",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="customers.customer",
            ),
        ),
        migrations.AlterField(
            model_name="inboxitem",
            name="team",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="staff.team"
            ),
        ),
    ]
