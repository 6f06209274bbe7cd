"""Time as a port, so that a test can stand still and the past can be asked."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the current instant in UTC, with its zone."""

    def now(self) -> datetime: ...
