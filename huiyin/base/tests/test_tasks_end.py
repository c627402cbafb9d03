"""A task that takes its process down with it."""

from datetime import timedelta

import pytest

from huiyin.base import outbox
from huiyin.base.models import Task
from huiyin.base.outbox.worker import run_some
from tests.given import MONDAY_9

pytestmark = pytest.mark.django_db


def test_a_task_that_was_begun_more_often_than_it_may_fail_is_buried_with_the_reason() -> None:
    outbox.put(outbox.Spec("huiyin.automation.tasks.serve_queue", "deadly"), at=MONDAY_9)
    Task.objects.filter(key="deadly").update(
        state=Task.RUNNING, attempts=13, fence=13, lease_until=MONDAY_9 - timedelta(seconds=1)
    )
    run_some("fast", lambda: MONDAY_9)
    task = Task.objects.get(key="deadly")
    assert (task.state, task.attempts) == (Task.DEAD, 14)
    assert "killing the worker" in task.error
