import ast
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap, postgres
from scripts.steps import ROOT, StepError

FIRST_RUN = ["bootstrap", "environment", "linting", "postgres", "prepared", "steps", "system", "testing"]


@pytest.mark.parametrize("module", FIRST_RUN)
def test_an_old_python_can_read_what_refuses_it(module: str) -> None:
    ast.parse((ROOT / "scripts" / f"{module}.py").read_text("utf-8"), feature_version=(3, 8))


def test_the_first_run_needs_the_standard_library_only() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(ROOT)!r}); import scripts.bootstrap",
        ],
        check=False,
    )
    assert done.returncode == 0


def test_a_port_that_is_no_number_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(StepError, match="make run PORT=8123"):
        bootstrap.run_settings()


def test_a_port_in_use_is_refused_before_anything_is_installed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(StepError, match="cannot be used"):
            bootstrap.check_free(taken.getsockname()[1])


def test_port_and_data_win_over_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    port = str(postgres.spare_port())
    for name, value in {"PORT": port, "DATA": "elsewhere", "HUIYIN_DATA_DIR": "/nowhere"}.items():
        monkeypatch.setenv(name, value)
    settings = bootstrap.run_settings()
    assert settings["HUIYIN_LISTEN"] == f"127.0.0.1:{port}"
    assert settings["HUIYIN_DATA_DIR"] == str(ROOT / "elsewhere")


def test_the_demo_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(postgres.spare_port()))
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.delenv("DATA", raising=False)
    assert bootstrap.run_settings()["HUIYIN_DATA_DIR"] == str(ROOT / "var" / "demo")


def test_a_demo_that_is_not_built_is_refused_in_one_sentence_before_anything_is_set_up(
    tmp_path: Path,
) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Makefile", tmp_path)
    before = sorted(tmp_path.rglob("*"))
    done = made(tmp_path, "run", "DEMO=1")
    assert done.returncode != 0 and not done.stdout
    assert done.stderr.splitlines()[0] == (
        "make run: The demo organisation is not built yet. Start without it: make run."
    )
    assert sorted(tmp_path.rglob("*")) == before
    assert "DEMO" not in made(tmp_path, "help").stdout


def made(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `make` in this folder, with this Python, leaving no compiled files behind."""
    surroundings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C"}
    command = ["make", "--no-print-directory", f"PYTHON={sys.executable}", *arguments]
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)


def test_the_command_line_says_what_to_do_before_set_up(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "huiyin").write_text((ROOT / "bin" / "huiyin").read_text("utf-8"))
    done = subprocess.run(["sh", tmp_path / "bin" / "huiyin"], stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert f"make -C '{tmp_path}' setup" in done.stderr
