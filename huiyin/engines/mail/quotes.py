"""What somebody newly wrote: the text without the mail it answers and without signatures.

The rule above all others: when something new was written, it stays. So answers between quoted lines
are kept, forwarded mail is kept, and a mark with nothing new above it cuts nothing below it.
"""

import re

from huiyin.engines.mail import quote_marks as marks

_LINES_READ = 5_000
_SIGNATURE_LINES = 15
_BLOCK_LINES = 10
_ATTRIBUTION_LINES = 4
_POINTER_LONGEST = 200
_GAPS = re.compile(r"\n{4,}")


def new_text(text: str, *, forwarded: bool = False) -> str:
    """Return the part of a plain text body that its sender newly wrote; may be empty.

    `forwarded` says that the message passes on another one: then nothing is cut. Only the first
    5,000 lines are looked at; time grows with their length.
    """
    lines = text.split("\n", _LINES_READ)[:_LINES_READ]
    if forwarded:
        return _joined([lines])
    passages = _passages(lines)
    unsigned = _joined([_without_signature(passage) for passage in passages])
    only_phones = all(not line.strip() or _phone(line) for passage in passages for line in passage)
    return unsigned if unsigned or only_phones else _joined(passages)


def _passages(lines: list[str]) -> list[list[str]]:
    """Return the unquoted passages: `>` lines end one, an announcement without `>` ends the text."""
    attributions = _attributions(lines)
    quoted = [_is_quoted(line, announced=bool(attributions)) for line in lines]
    next_quoted = _nearest_quoted(lines, quoted)
    passages: list[list[str]] = [[]]
    at = 0
    while at < len(lines):
        if marks.FORWARD.match(lines[at][: marks.LINE_READ]):
            passages[-1] += lines[at:]
            break
        size = 1 if quoted[at] else _announcement_size(lines, at, attributions)
        if not size:
            passages[-1].append(lines[at])
            at += 1
        elif quoted[at] or next_quoted[min(at + size, len(lines) - 1)]:
            passages.append([])
            at += size
        else:
            nothing_above = not _says_something(passages)
            return (
                [*passages, _below(lines, at + size)]
                if nothing_above or _points_below(passages)
                else passages
            )
    return passages


def _below(lines: list[str], at: int) -> list[str]:
    """Return what follows an announcement with nothing new above it, without the repeated head."""
    while at < len(lines) and (
        not lines[at].strip() or marks.BLOCK_FIELD.match(lines[at][: marks.LINE_READ])
    ):
        at += 1
    return lines[at:]


def _is_quoted(line: str, *, announced: bool) -> bool:
    if not marks.QUOTED.match(line):
        return False
    return announced or not marks.COMPARISON.match(line)


def _nearest_quoted(lines: list[str], quoted: list[bool]) -> list[bool]:
    """Tell for each line whether the next line that is not blank, this one included, is quoted."""
    nearest = [False] * len(lines)
    following = False
    for at in range(len(lines) - 1, -1, -1):
        following = quoted[at] if lines[at].strip() else following
        nearest[at] = following
    return nearest


def _announcement_size(lines: list[str], at: int, attributions: dict[int, int]) -> int:
    """Return how many lines announce quoted mail here, 0 for none."""
    line = lines[at][: marks.LINE_READ]
    if marks.SEPARATOR.match(line):
        return 1
    if at in attributions:
        return attributions[at]
    start = at
    if marks.RULE.match(line):
        while start < len(lines) - 1 and start - at < 3 and (start == at or not lines[start].strip()):
            start += 1
    if _is_block(lines, start):
        return start - at + 1
    return 0


def _is_block(lines: list[str], at: int) -> bool:
    """Tell whether the head of a mail is repeated here: who, when, and a subject or an address."""
    first = lines[at][: marks.LINE_READ]
    if not marks.BLOCK_FROM.match(first):
        return False
    window = [first, *(line[: marks.LINE_READ] for line in lines[at + 1 : at + _BLOCK_LINES])]
    if not any(marks.BLOCK_TIME.search(line) for line in window):
        return False
    return "@" in first or any(marks.BLOCK_SUBJECT.search(line) for line in window)


def _attributions(lines: list[str]) -> dict[int, int]:
    """Return where “On … wrote:” begins and how many lines it takes."""
    ends = [at for at, line in enumerate(lines) if marks.ATTRIBUTION_WORD.search(line[: marks.LINE_READ])]
    begins = sorted({at for end in ends for at in range(max(0, end - _ATTRIBUTION_LINES + 1), end + 1)})
    return {at: size for at in begins if (size := _attribution_size(lines, at))}


def _attribution_size(lines: list[str], at: int) -> int:
    """Return how many lines “On … wrote:” takes, 0 when it does not begin here."""
    if not lines[at].strip() or not marks.ATTRIBUTION_BEGINS.match(lines[at][: marks.LINE_READ]):
        return 0
    if marks.QUOTED.match(lines[at]):
        return 0
    joined = ""
    for size, line in enumerate(lines[at : at + _ATTRIBUTION_LINES], start=1):
        if not line.strip():
            return 0
        joined = f"{joined} {line.strip()}"[-marks.LINE_READ :]
        if marks.ATTRIBUTION_ENDS.search(joined[-250:]):
            return size if marks.ATTRIBUTION_HAS.search(joined) else 0
    return 0


def _without_signature(lines: list[str]) -> list[str]:
    if any(marks.FORWARD.match(line[: marks.LINE_READ]) for line in lines):
        return lines
    kept = [line for line in lines if not _phone(line)]
    for at in range(len(kept) - 1, max(-1, len(kept) - 1 - _SIGNATURE_LINES), -1):
        if marks.SIGNATURE.match(kept[at]):
            return kept[:at]
    return kept


def _phone(line: str) -> bool:
    return marks.PHONE_SIGNATURE.match(line[: marks.LINE_READ]) is not None


def _says_something(passages: list[list[str]]) -> bool:
    return any(
        line.strip() and not marks.RULE.match(line)
        for passage in passages
        for line in _without_signature(passage)
    )


def _points_below(passages: list[list[str]]) -> bool:
    top = _joined(passages)
    return len(top) <= _POINTER_LONGEST and marks.ANSWERS_BELOW.search(top) is not None


def _joined(passages: list[list[str]]) -> str:
    """Put passages together with one blank line between them and at most two blank lines inside."""
    texts = ("\n".join(line.rstrip() for line in passage).strip("\n ") for passage in passages)
    return _GAPS.sub("\n\n\n", "\n\n".join(text for text in texts if text))
