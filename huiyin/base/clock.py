"""The one place that reads the clock. Entry points call it and hand the time down as `at`."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)
