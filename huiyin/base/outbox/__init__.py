"""Owns durable work: tasks put in the transaction of their cause, run at least once, never silent.

Does not own what the tasks do, nor which fact causes which (automation.reactions says so).
Start with put: the contract stands there; worker runs the lanes.
"""

from huiyin.base.outbox.put import LANES, Put, Spec, put, put_many, task
from huiyin.base.outbox.reactions import EVERY, Happened, react, tasks_for

__all__ = ["EVERY", "LANES", "Happened", "Put", "Spec", "put", "put_many", "react", "task", "tasks_for"]
