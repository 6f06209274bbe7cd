"""Where doors come from: an account elsewhere, or one for trying out, that brought them here."""

from dataclasses import dataclass
from datetime import datetime

from rekey.domain.ids import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """An account that brought doors. Doors without one are moved by this server's own drivers.

    `user_name` is who signed in there; `adopts` says that doors which it brings later are managed at once.
    While `disconnected_at` is set nothing can be told to its doors.
    """

    id: str
    number: Number
    name: str
    driver: str
    user_name: str
    customer_key: str | None = None
    adopts: bool = True
    disconnected_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None
