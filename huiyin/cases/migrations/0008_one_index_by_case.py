"""Entries, their words and promises are found by indexes that begin with the case; a second one goes.

The index is dropped by its name: SQLite would otherwise copy each table for it.
"""

import django.db.models.deletion
from django.db import migrations, models

INDEXES = {
    "cases_entry": "cases_entry_case_id_b12f1eb1",
    "cases_entrybody": "cases_entrybody_case_id_7e2a8aaa",
    "cases_promise": "cases_promise_case_id_85d6659c",
}


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_people_around_a_case"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX "{index}"', f'CREATE INDEX "{index}" ON "{table}" ("case_id")')
                for table, index in INDEXES.items()
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="entry",
                    name="case",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="cases.case",
                    ),
                ),
                migrations.AlterField(
                    model_name="entrybody",
                    name="case",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="cases.case",
                    ),
                ),
                migrations.AlterField(
                    model_name="promise",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="cases.case",
                    ),
                ),
            ],
        ),
    ]
