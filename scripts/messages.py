"""Translations: `extract` collects the texts, `check` says what is wrong, `compile` makes Django's files."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import polib

from scripts.message_sources import Text, collect
from scripts.steps import ROOT

CATALOGUE = Path("huiyin/locale/zh_Hans/LC_MESSAGES/django.po")
# Nothing here changes from day to day, so that a diff shows translations only.
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|(?<!\{)\{\w*\}")
Key = tuple[str | None, str]


def main(arguments: list[str]) -> int:
    """Run one of the three commands; return 1 when `check` finds something wrong."""
    commands = {"extract": extract, "compile": compile_all, "check": check}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(f"usage: python -m scripts.messages {' | '.join(commands)}", file=sys.stderr)
        return 2
    return commands[arguments[0]]()


def extract() -> int:
    path = ROOT / CATALOGUE
    wanted = collect(ROOT)
    known = polib.pofile(str(path)) if path.exists() else polib.POFile()
    merged = merge(known, wanted)
    path.parent.mkdir(parents=True, exist_ok=True)
    merged.save(str(path))
    open_count = sum(not entry.translated() for entry in merged)
    gone = len({key_of(entry) for entry in known} - set(wanted))
    print(f"{CATALOGUE}: {len(merged)} texts, {open_count} without a translation, {gone} removed")
    return 0


def compile_all() -> int:
    for path in sorted((ROOT / "huiyin" / "locale").glob("*/LC_MESSAGES/*.po")):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return 0


def check() -> int:
    path = ROOT / CATALOGUE
    known = polib.pofile(str(path)) if path.exists() else polib.POFile()
    wrong = sorted(problems(known, collect(ROOT)))
    for line in wrong:
        print(line)
    if wrong:
        print(f"{len(wrong)} problems. `make messages` adds and removes texts; translate in {CATALOGUE}.")
    return 1 if wrong else 0


def merge(known: polib.POFile, wanted: Mapping[Key, Text]) -> polib.POFile:
    """Return a catalogue of exactly the wanted texts, sorted, with the translations that are known."""
    translated = {key_of(entry): entry for entry in known if not entry.obsolete}
    merged = polib.POFile()
    merged.metadata = dict(HEADER)
    for key in sorted(wanted, key=lambda key: (key[1], key[0] or "")):
        text, old = wanted[key], translated.get(key)
        entry = polib.POEntry(
            msgid=text.msgid,
            msgctxt=text.context,
            msgid_plural=text.plural or "",
            occurrences=[(file, "") for file in sorted(text.files)],
            comment="",
            tcomment=old.tcomment if old else "",
            flags=[flag for flag in old.flags if flag == "fuzzy"] if old else [],
        )
        if text.plural:
            entry.msgstr_plural = {0: plain(old)}
        else:
            entry.msgstr = plain(old)
        merged.append(entry)
    return merged


def problems(known: polib.POFile, wanted: Mapping[Key, Text]) -> Iterator[str]:
    """Yield one line for each text that is missing, unsure, unused or has other placeholders."""
    entries = {key_of(entry): entry for entry in known if not entry.obsolete}
    for entry in known:
        if entry.obsolete or key_of(entry) not in wanted:
            yield f"{CATALOGUE}: no longer used: {entry.msgid!r}"
    for key, text in wanted.items():
        found = entries.get(key)
        where = sorted(text.files)[0]
        if found is None or not plain(found):
            yield f"{where}: no translation: {text.msgid!r}"
        elif found.fuzzy:
            yield f"{where}: translation marked fuzzy: {text.msgid!r}"
        elif not same_placeholders(text, plain(found)):
            yield f"{where}: other placeholders in the translation: {text.msgid!r} → {plain(found)!r}"


def same_placeholders(text: Text, translation: str) -> bool:
    """Tell whether a translation fills in what the text does; a plural may leave out the number."""
    used = sorted(PLACEHOLDER.findall(translation))
    return used in (
        sorted(PLACEHOLDER.findall(text.msgid)),
        sorted(PLACEHOLDER.findall(text.plural or text.msgid)),
    )


def plain(entry: polib.POEntry | None) -> str:
    if entry is None:
        return ""
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
