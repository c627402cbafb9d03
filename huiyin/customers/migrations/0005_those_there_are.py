from typing import Any

from django.db import migrations


def keep_those_there_are(apps: Any, editor: Any) -> None:
    """Begin the history with the dedicated people of today; since when they are it, nobody wrote down."""
    named = apps.get_model("customers", "Customer").objects.filter(dedicated__isnull=False)
    rows = apps.get_model("customers", "Dedication").objects
    batch = []
    for customer, staff in named.values_list("pk", "dedicated_id").iterator():
        batch.append(rows.model(customer_id=customer, role="dedicated", staff_id=staff, by_ref="system"))
        if len(batch) == 1000:
            rows.bulk_create(batch)
            batch = []
    rows.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_people_of_a_customer"),
    ]

    operations = [
        migrations.RunPython(keep_those_there_are, migrations.RunPython.noop),
    ]
