"""A key that an app holds for somebody, and how far it reaches."""

from dataclasses import dataclass
from datetime import datetime

from rekey.domain.ids import KeyId, Number


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSession:
    """What one client key may be used for; the key itself says until when.

    It reaches the doors of its upstreams and one person. With a `customer_key` it reaches what bears that
    key instead, and with `read_only` it changes nothing. `external_key` is the maker's own name for it.
    `sealed_token` lets those who made it show the token again. Revoked ones can be read, ended ones cannot.
    """

    id: str
    number: Number
    key_id: KeyId
    person_id: str | None = None
    external_key: str | None = None
    customer_key: str | None = None
    upstream_ids: tuple[str, ...] = ()
    page_ids: tuple[str, ...] = ()
    read_only: bool = False
    sealed_token: bytes = b""
    created_at: datetime
    updated_at: datetime
    revoked_at: datetime | None = None
    ended_at: datetime | None = None
