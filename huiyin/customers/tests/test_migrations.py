"""What databases written by earlier versions become."""

import json
import os
import subprocess
import sys
from pathlib import Path

# In a process and a database of its own: going back in the shared one would take the tables from other tests.
FORWARD = """
import json
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from huiyin.base import tx
BEFORE = ("customers", "0004_people_of_a_customer")
call_command("migrate", *BEFORE, verbosity=0)
then = MigrationExecutor(connection).loader.project_state(BEFORE).apps
at = "2026-03-02T09:00:00+08:00"
with tx.write():
    site = then.get_model("staff", "Site").objects.create(
        code="main", name={"zh": "客服", "en": "Service"}, zone="Asia/Shanghai", language="en", calendar="office"
    )
    staff = [
        then.get_model("staff", "Staff").objects.create(number=number, name=number, joined_at=at)
        for number in ("alice", "bob")
    ]
    rows = then.get_model("customers", "Customer").objects
    rows.bulk_create(  # two whole batches, and what is left over
        rows.model(number=f"C{n}", site=site, dedicated=staff[n % 2] if n else None, made_at=at)
        for n in range(2003)
    )
call_command("migrate", verbosity=0)
from huiyin.customers.models import Customer, Dedication
told = Dedication.objects.order_by("customer_id").values_list("customer__number", "staff__number", "role")
print(json.dumps({
    "rows": list(told),
    "without": [Customer.objects.get(number="C0").dedicated_id],
    "marks": sorted({(str(one.since), str(one.until), one.by_ref) for one in Dedication.objects.all()}),
}))
"""


def test_those_who_were_there_for_a_customer_before_it_was_kept_begin_the_history(tmp_path: Path) -> None:
    settings = {
        "DJANGO_SETTINGS_MODULE": "huiyin.settings",
        "HUIYIN_DATA_DIR": str(tmp_path),
        "HUIYIN_DATABASE_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", FORWARD],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["rows"] == [[f"C{n}", ("alice", "bob")[n % 2], "dedicated"] for n in range(1, 2003)]
    assert told["without"] == [None]
    assert told["marks"] == [["None", "None", "system"]]
