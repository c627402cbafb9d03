"""Everything that happens by the clock, in one list."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from huiyin.base import outbox, tx
from huiyin.base.models import ScheduleRun
from huiyin.base.outbox import Spec


@dataclass(frozen=True, slots=True)
class Periodic:
    """A task that is put every `every`, counted from midnight UTC."""

    name: str
    function: str
    every: timedelta


SCHEDULE = (
    Periodic("serve-queue", "huiyin.automation.tasks.serve_queue", timedelta(seconds=30)),
    Periodic("stand-ins", "huiyin.automation.people.end_stand_ins", timedelta(minutes=1)),
    Periodic("overloads", "huiyin.automation.overload.end_run_out", timedelta(minutes=1)),
    Periodic("sweep-audit", "huiyin.automation.people.sweep_audit", timedelta(hours=1)),
    Periodic("relieve", "huiyin.automation.tasks.relieve", timedelta(minutes=1)),
    Periodic("open-turns", "huiyin.automation.tasks.open_turns", timedelta(minutes=1)),
    Periodic("reckon", "huiyin.automation.tasks.reckon", timedelta(minutes=1)),
    Periodic("forget-by-age", "huiyin.customers.retention.sweep", timedelta(hours=1)),
    Periodic("tidy", "huiyin.automation.tasks.tidy", timedelta(hours=1)),
)


def put_due(last: dict[str, datetime], *, at: datetime) -> None:
    """Put each task whose turn has come; of turns missed only the latest. `last` is this process's memory.

    Any number of workers may call it: an occurrence has one row, and whoever made the row puts the task.
    """
    for periodic in SCHEDULE:
        due = _turn(periodic, at)
        if last.get(periodic.name) == due:
            continue
        with tx.write():
            _, made = ScheduleRun.objects.get_or_create(schedule=periodic.name, due=due)
            if made:
                ScheduleRun.objects.filter(schedule=periodic.name, due__lt=due - timedelta(days=1)).delete()
                outbox.put(Spec(periodic.function, f"schedule:{periodic.name}"), at=at)
        last[periodic.name] = due


def _turn(periodic: Periodic, at: datetime) -> datetime:
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (at - midnight) // periodic.every * periodic.every
