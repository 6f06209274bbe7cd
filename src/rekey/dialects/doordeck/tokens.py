"""Our bearer tokens: what they claim, and reading them back.

Every claim is a plain value, and an auth token has more than a day to live, or the official client takes
it for expired. Source: Doordeck contract, rules 10 and 11, section 2.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rekey.domain.errors import NotSignedIn
from rekey.domain.ids import KeyId, OrganizationId
from rekey.domain.operator import Key
from rekey.domain.people import Person
from rekey.operations.open_session import Session
from rekey.webkit.jws import JwsRefused, Scalar, issue_token, read_token
from rekey.webkit.keys import Ed25519Signer

AUTH_LIFE = timedelta(days=30)
REFRESH_LIFE = timedelta(days=365)
REFRESH_GRACE = timedelta(seconds=60)
ISSUER = "https://api.doordeck.com"
_TYPE = "JWT"

Claims = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """What a token of ours says; whether its session still stands is the core's question."""

    organization_id: OrganizationId
    key_id: KeyId
    refreshes: bool
    claims: Claims


def make_tokens(
    signer: Ed25519Signer, organization_id: str, person: Person, session: Session
) -> dict[str, str]:
    """Give the pair of tokens of a session that was just opened."""
    if session.refresh is None:
        raise TypeError("a session of this wire API has a refresh key")
    verified = session.operator.email_verified

    def claims(key: Key, *, refreshes: bool) -> Claims:
        return {
            "iss": ISSUER,
            "aud": ISSUER,
            "sub": person.id,
            "sid": key.id,
            "org": organization_id,
            "iat": int(key.created_at.timestamp()),
            "exp": 0 if key.expires_at is None else int(key.expires_at.timestamp()),
            "email": person.email,
            "email_verified": verified,
            "session": key.name.removeprefix("session "),
            "refresh": refreshes,
        }

    return {
        "authToken": issue_token(claims(session.session, refreshes=False), signer, typ=_TYPE),
        "refreshToken": issue_token(claims(session.refresh, refreshes=True), signer, typ=_TYPE),
    }


def read_bearer(text: str, public_key: bytes, now: datetime) -> Bearer:
    """Give what a token of ours says. Raises: NotSignedIn for a forged, foreign or expired one."""
    try:
        claims = read_token(text, public_key, typ=_TYPE)
    except JwsRefused as refused:
        raise NotSignedIn("this token is not one of ours") from refused
    organization_id, key_id, end = claims.get("org"), claims.get("sid"), claims.get("exp")
    if not (isinstance(organization_id, str) and isinstance(key_id, str) and isinstance(end, int)):
        raise NotSignedIn("this token is not one of ours")
    if end <= now.timestamp():
        raise NotSignedIn("this token has expired")
    return Bearer(
        organization_id=OrganizationId(organization_id),
        key_id=KeyId(key_id),
        refreshes=claims.get("refresh") is True,
        claims=claims,
    )
