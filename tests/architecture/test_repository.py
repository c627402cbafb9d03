import pytest

from scripts.check_repository import foreign_files, pins, registry_names, tracked, unhashed, unnoticed
from scripts.steps import ROOT

LOCKS = ("base", "test", "uv")
REGISTRY = ".".join(["pypi", "org"])
SAMPLE_LOCK = """\
alpha==1.0 \
    --hash=sha256:aa \
    --hash=sha256:bb
beta==2.1 ; sys_platform == 'win32' \
    --hash=sha256:cc
"""


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {name: (ROOT / name).read_text("utf-8", errors="ignore") for name in tracked(ROOT)}


def test_no_file_names_a_package_registry(texts: dict[str, str]) -> None:
    assert not [found for name, text in texts.items() for found in registry_names(name, text)]


def test_no_foreign_file_is_committed(texts: dict[str, str]) -> None:
    assert not [found for name, text in texts.items() for found in foreign_files(name, text)]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    assert pins(lock(name))
    assert not unhashed(lock(name))


def test_the_test_lock_contains_the_base_lock() -> None:
    assert pins(lock("base")).items() <= pins(lock("test")).items()


def test_every_package_that_is_shipped_stands_in_the_notice() -> None:
    assert not unnoticed(lock("base"), (ROOT / "NOTICE").read_text("utf-8"))


def test_a_registry_in_a_lock_is_found() -> None:
    assert list(registry_names("requirements/base.txt", f"--index-url https://{REGISTRY}/simple"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("huiyin/desk/static/desk/chart.min.js", ""),
        ("vendor/thing.py", ""),
        ("huiyin/desk/static/desk/grid.css", "/*! grid 3.1 */"),
        ("huiyin/desk/static/desk/menu.js", "// @license MIT"),
    ],
)
def test_a_foreign_file_is_found(name: str, text: str) -> None:
    assert list(foreign_files(name, text))


def test_our_own_script_is_not_foreign() -> None:
    assert not list(foreign_files("huiyin/desk/static/desk/autosave.js", "// Saves a draft.\nexport {}"))


def test_pins_are_read_with_their_versions() -> None:
    assert pins(SAMPLE_LOCK) == {"alpha": "1.0", "beta": "2.1"}


def test_a_package_without_a_hash_is_found() -> None:
    assert unhashed(SAMPLE_LOCK + "gamma==3.0\n") == ["gamma"]


def test_a_package_that_the_notice_leaves_out_is_found() -> None:
    assert unnoticed(SAMPLE_LOCK, "alpha  MIT\nbetamax  MIT\n") == ["beta"]
