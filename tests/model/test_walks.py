"""Walks of random verbs, held against the model after every step. HUIYIN_WALK_SEED plays a run again."""

import hashlib
import os
import random
import time

import pytest
from django.db import connection

from tests.model.ground import world
from tests.model.verbs_aside import AsideOfIt
from tests.model.verbs_between import BetweenCases
from tests.model.walking import drawn, walk

WALKS = 100 if connection.vendor == "sqlite" else 10
STEPS = 50  # a walk
pytestmark = pytest.mark.django_db


class Walk(BetweenCases, AsideOfIt):
    """Everything that is walked through."""


def test_random_walks_through_the_verbs_agree_with_the_model_at_every_step() -> None:
    world()
    began = time.process_time()
    chosen = int(os.environ.get("HUIYIN_WALK_SEED", 0)) or random.randrange(1, 1_000_000)
    print(f"HUIYIN_WALK_SEED={chosen}")
    digest = hashlib.sha256()
    for no in range(WALKS):
        seed = f"{chosen}/{no}"
        digest.update(walk(Walk.begun, drawn(Walk, seed, STEPS), seed=seed).encode())
    took = time.process_time() - began
    print(f"{WALKS * STEPS} steps, {took:.0f} s of processor time, trace {digest.hexdigest()[:16]}")
