"""Reading what people wrote as data: the one shape of a refusal, and the checks every reader needs."""

from collections.abc import Mapping
from typing import Any

MAX_WORDS = 500


class WrittenError(ValueError):
    """Something written cannot be used: `path` says where in the given structure, `code` what is wrong there.

    `path` reads like `all[1].not.value`, and is empty for the whole. `params` fill the sentence for the code.
    """

    def __init__(self, path: str, code: str, params: Mapping[str, str | int] | None = None) -> None:
        super().__init__(f"{path or 'the whole'}: {code}")
        self.path = path
        self.code = code
        self.params: Mapping[str, str | int] = params or {}


def at(path: str, key: str) -> str:
    """Return the path of a key inside what `path` names."""
    return f"{path}.{key}" if path else key


def only(data: Mapping[Any, Any], allowed: set[str], path: str, refuse: type[WrittenError]) -> None:
    """Refuse (`unknown_key`) any key that is not `allowed`."""
    for key in data:
        if key not in allowed:
            raise refuse(at(path, str(key)[:80]), "unknown_key")


def listed(written: object, path: str, most: int, refuse: type[WrittenError]) -> list[Any]:
    """Return a list of at least one and at most `most` (`not_a_list`, `empty`, `too_large`)."""
    if not isinstance(written, list | tuple):
        raise refuse(path, "not_a_list")
    if not written:
        raise refuse(path, "empty")
    if len(written) > most:
        raise refuse(path, "too_large", {"most": most})
    return list(written)


def words(written: object, path: str, refuse: type[WrittenError]) -> Mapping[str, str]:
    """Return a text in both languages, `{zh, en}` (`words_missing`)."""
    if not isinstance(written, Mapping):
        raise refuse(path, "words_missing")
    only(written, {"zh", "en"}, path, refuse)
    for language in ("zh", "en"):
        text = written.get(language)
        if not isinstance(text, str) or not text.strip() or len(text) > MAX_WORDS:
            raise refuse(f"{path}.{language}", "words_missing")
    return {"zh": written["zh"], "en": written["en"]}
