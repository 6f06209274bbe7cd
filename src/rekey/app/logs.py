"""Logs: one JSON object a line on standard error, without secrets."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET_NAMES = frozenset(
    {
        "authorization",
        "body",
        "cookie",
        "headers",
        "key",
        "password",
        "pin",
        "query",
        "secret",
        "text",
        "token",
    }
)

_FRAMES = 8


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank every value whose name says that it may be a secret, whoever logged it."""
    for name in event:
        if name.lower() in _SECRET_NAMES:
            event[name] = "hidden"
    return event


def name_fault(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the kind and the place of an exception for it: its message may quote what was being handled."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        event["exception"] = type(error).__name__
        event["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def set_up_logs(level: str) -> None:
    """Send our own events and those of the libraries to standard error as JSON lines."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                name_fault,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Alembic tells at every start which dialect it speaks.
    logging.getLogger("alembic").setLevel(logging.WARNING)
