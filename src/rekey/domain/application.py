"""Programs of others that sign their own users in, and how they name a person."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.document import DocumentBody, DocumentValue
from rekey.domain.ids import ApplicationId, Number, PersonId
from rekey.domain.operator import Voucher

# What a public key must not hold. Source: RFC 7518, sections 6.2.2, 6.3.2 and 6.4; RFC 8037, section 2.
PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_WEB_ADDRESS = re.compile(
    r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::([1-9][0-9]{0,4}))?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
MOST_KEYS = 100
MOST_URLS = 100


class UrlKind(StrEnum):
    """What a URL of an application is for."""

    ISSUER = "issuer"
    ORIGIN = "origin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationKey:
    """A public key that tokens are signed with, as a JSON Web Key without anything private."""

    kid: str
    jwk: DocumentBody

    def counts(self, now: datetime) -> bool:
        """Say whether the key's own times (`nbf`, `exp`, in seconds since 1970) include the instant."""
        start, end = self.jwk.get("nbf"), self.jwk.get("exp")
        second = now.timestamp()
        return _second(start, or_else=second) <= second < _second(end, or_else=math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A program whose tokens are believed: of its issuers, signed by its keys, unless it is suspended.

    The owners may change it. `origins` are whose web pages may call. `profile` is what the wire API shows
    and no decision reads. The identity key is the server's own, to which an application encrypts.
    With a secret it may ask people to let it act for them; their answer goes to one of its `return_urls` only.
    """

    id: ApplicationId
    number: Number
    name: str
    owners: tuple[PersonId, ...]
    issuers: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    keys: tuple[ApplicationKey, ...] = ()
    suspended: bool = False
    profile: DocumentBody
    identity_public: bytes = b""
    identity_sealed: bytes = b""
    return_urls: tuple[str, ...] = ()
    secret_fingerprint: str = ""
    created_at: datetime
    updated_at: datetime

    def key(self, kid: str) -> ApplicationKey | None:
        return next((key for key in self.keys if key.kid == kid), None)

    def vouches(self, voucher: Voucher, now: datetime) -> bool:
        """Say whether a token of this issuer, key and end is believed now."""
        key = self.key(voucher.kid)
        return (
            not self.suspended
            and voucher.issuer in self.issuers
            and key is not None
            and key.counts(now)
            and now < voucher.until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignAccount:
    """How an application names a person, and what its newest token (`told_at`) says of the person.

    The account bears the person's id. A contact is listed, and so found in the application's directory,
    once it is verified and no other account of the application has it.
    """

    id: PersonId
    application_id: ApplicationId
    subject: str
    name: str | None = None
    email: str | None = None
    email_verified: bool = False
    email_listed: bool = False
    phone: str | None = None
    phone_verified: bool = False
    phone_listed: bool = False
    told_at: datetime
    updated_at: datetime


def origin_of(url: str) -> str:
    """Give the origin of a web address as browsers write it. Raises: ValueError for none. Source: RFC 6454."""
    read = _WEB_ADDRESS.fullmatch(url)
    if read is None:
        raise ValueError("not a web address")
    scheme, host, port = read[1].lower(), read[2].lower(), read[3]
    default = {"http": "80", "https": "443"}[scheme]
    return f"{scheme}://{host}" if port in {None, default} else f"{scheme}://{host}:{port}"


def private_members(jwk: Mapping[str, DocumentValue]) -> frozenset[str]:
    """Name what of a key must never be kept."""
    return PRIVATE_MEMBERS & jwk.keys()


def _second(value: DocumentValue, *, or_else: float) -> float:
    return value if isinstance(value, int | float) else or_else
