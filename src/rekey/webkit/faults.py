"""How an unforeseen exception is told to the log: where it arose, never what it carried."""

import traceback

import structlog

_log = structlog.get_logger("rekey.webkit")
_FRAMES = 6


def log_fault(event: str, error: BaseException, **facts: str | None) -> None:
    """Log the kind and the place of an exception.

    Its message and the values of its frames stay out, since a token or a PIN may be in them.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    _log.error(event, exception=type(error).__name__, where=where, **facts)
