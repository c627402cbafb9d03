"""Check digits: what tells a real number from any row of digits."""

from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10x98765432"
_PARCEL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def is_id_number(text: str) -> bool:
    """Whether 18 lower-case characters are a resident identity number (GB 11643, ISO 7064 MOD 11-2)."""
    if len(text) != 18 or not text[:17].isdecimal() or text[0] not in "12345678":
        return False
    if not _is_day(text[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == text[17]


def is_postal_item(text: str) -> bool:
    """Whether 13 lower-case characters are a postal item number (UPU standard S10)."""
    digits = text[2:11]
    if len(text) != 13 or not (digits.isdecimal() and text[:2].isalpha() and text[11:].isalpha()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:8], _PARCEL_WEIGHTS, strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11) == int(digits[8])


def is_luhn(text: str) -> bool:
    """Whether a row of digits carries the check digit of cards and handsets (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _is_day(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).year >= 1880
    except ValueError:
        return False
