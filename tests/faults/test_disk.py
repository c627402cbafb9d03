"""F5, F6: a disk that fails or is full: refuse, keep what was acknowledged, go on by itself when it is better."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import checker
from tests.faults.ledger import Ledger, Load
from tests.faults.product import Product

pytestmark = [pytest.mark.faults, pytest.mark.slow]
DISK_MB = 48


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_sync_that_fails_is_answered_503_and_never_2xx(product: Product, ledger: Ledger, seed: int) -> None:
    strace = shutil.which("strace")
    assert strace, "As root: apt-get install -y --no-install-recommends strace"
    # Of each thread the sixth sync and every fourth after it.
    inject = ["-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=6+4"]
    product.start(under=[strace, "-f", "-qq", "-o", "/dev/null", *inject])
    product.wait_until_ready()
    with Load(product, ledger, seed) as load:
        time.sleep(6)
    assert not product.has_died()
    product.kill_all()
    assert load.refused, "no sync failed"
    assert not load.wrong
    assert not checker.differences(product, ledger)


def test_a_full_disk_refuses_what_comes_keeps_what_was_acknowledged_and_recovers_without_a_restart(
    prepared: Path, small_disk: Path, ledger: Ledger, seed: int
) -> None:
    shutil.copytree(prepared, small_disk / "installation")
    product = Product(small_disk / "installation")
    product.start()
    try:
        product.wait_until_ready()
        with Load(product, ledger, seed) as load:
            time.sleep(1)
            ballast = small_disk / "ballast"
            _fill(ballast)
            before = len(load.refused)
            time.sleep(4)
            refused = len(load.refused) - before
            assert product.ask("GET", "/api/v1/cases").status == 200
            ballast.unlink()
            held = len(ledger.acknowledged)
            time.sleep(3)
        assert not product.has_died()
    finally:
        product.kill_all()
    assert refused
    assert not load.wrong
    assert len(ledger.acknowledged) > held
    assert not checker.differences(product, ledger)


def _fill(ballast: Path) -> None:
    """Write until nothing more fits."""
    with ballast.open("wb", buffering=0) as out:
        for piece in (1 << 20, 1 << 12):
            try:
                while out.write(b"\0" * piece):
                    pass
            except OSError:
                continue
