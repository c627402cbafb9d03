"""Numbers in words, Chinese and English, as far as sums and spans of time need them."""

from decimal import Decimal

CHINESE = "[零〇一二两三四五六七八九十百千万亿]"
ENGLISH = (
    "(?:twenty-four|forty-eight|seventy-two|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    "fifteen|twenty|thirty|an|a couple of|a|half an)"
)
_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
_ENGLISH: dict[str, int | Decimal] = {
    "half an": Decimal("0.5"), "an": 1, "a": 1, "one": 1, "two": 2, "a couple of": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "fifteen": 15, "twenty": 20, "thirty": 30, "twenty-four": 24, "forty-eight": 48, "seventy-two": 72,
}  # fmt: skip


def number(text: str) -> Decimal:
    """Return the value of 1,200.50, 两百五十, 二四 (digit by digit) or twelve. Raises ValueError."""
    text = text.strip().replace(",", "")
    if text in _ENGLISH:
        return Decimal(_ENGLISH[text])
    if text and all(char in "0123456789." for char in text):
        return Decimal(text) if text.count(".") <= 1 and text != "." else _refuse(text)
    return Decimal(_chinese(text))


def _chinese(text: str) -> int:
    if not text or any(char not in _DIGITS and char not in _UNITS and char not in _GROUPS for char in text):
        return int(_refuse(text))
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    unit = 1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            continue
        if char in _UNITS:
            unit = _UNITS[char]
            section += (digit or 1) * unit
        else:
            total = (total + section + digit) * _GROUPS[char]
            section, unit = 0, _GROUPS[char]
        digit = 0
    # 一千二 means 1,200 and 一万二 12,000: a last digit right after a unit counts in tenths of it.
    if digit and unit >= 100 and text[-2] in "百千万亿":
        digit *= unit // 10
    return total + section + digit


def _refuse(text: str) -> Decimal:
    raise ValueError(f"{text!r} is no number")
