"""Customer numbers: C and at least six digits."""

from huiyin.base import numbers


def next_numbers(count: int) -> list[str]:
    """Return `count` numbers that no customer has."""
    return [f"C{n:06}" for n in numbers.take("customer", count)]
