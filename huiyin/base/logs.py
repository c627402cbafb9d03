"""Structured logs: one JSON object a line on standard error, with request and case ids, never personal values."""

import logging
import sys
from typing import Any

import structlog


def configure(*, level: int = logging.INFO) -> None:
    """Send both our own and the libraries' logs through one chain. A second call changes nothing."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    # JSON escapes line breaks, so a logged text cannot forge a second line.
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [out]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "django.request", "django.security.DisallowedHost"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
