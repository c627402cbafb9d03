import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_what_they_came_for"),
        ("staff", "0004_second_factor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dedication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=20)),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("by_ref", models.CharField(max_length=40)),
                ("why", models.CharField(default="", max_length=200)),
            ],
        ),
        migrations.AddField(
            model_name="customer",
            name="area_manager",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="area_of",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="salesperson",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sells_to",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("salesperson__isnull", False)),
                fields=["salesperson"],
                name="customer_by_salesperson",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("area_manager__isnull", False)),
                fields=["area_manager"],
                name="customer_by_area_manager",
            ),
        ),
        migrations.AddField(
            model_name="dedication",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="dedications",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="dedication",
            name="staff",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dedications",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="dedication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("customer", "role"),
                name="one_dedicated_at_a_time",
            ),
        ),
    ]
