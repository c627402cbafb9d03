"""One prepared installation for the run, copied for each test."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.ledger import Ledger
from tests.faults.product import Product


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    Product(folder).set_up()
    return folder


@pytest.fixture
def install(prepared: Path, tmp_path: Path) -> Iterator[Callable[..., Product]]:
    """Give an installation with this test's own data, not started; whatever it left running is killed."""
    made: list[Product] = []

    def install(**settings: str) -> Product:
        folder = tmp_path / f"installation-{len(made)}"
        shutil.copytree(prepared, folder)
        made.append(Product(folder, **settings))
        return made[-1]

    yield install
    for product in made:
        product.kill_all()
        shutil.rmtree(product.folder, ignore_errors=True)


@pytest.fixture
def product(install: Callable[..., Product]) -> Product:
    return install()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "ledger")
    yield made
    made.close()


@pytest.fixture
def seed() -> int:
    """Give the number that decides this test's chances; HUIYIN_FAULT_SEED plays a run again."""
    chosen = int(os.environ.get("HUIYIN_FAULT_SEED", 0)) or random.randrange(1, 1_000_000)
    print(f"HUIYIN_FAULT_SEED={chosen}")
    return chosen


@pytest.fixture
def alone() -> bool:
    """Tell whether the test has the machine for itself; only then it judges seconds."""
    return "PYTEST_XDIST_WORKER" not in os.environ
