"""The signed envelope of an operation: its form, its chain, its signature, whom it names, its times.

The checks run in the order of the Doordeck contract, section 5.4, and none of them answers 401.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from rekey.dialects.doordeck.cert_chain import ChainRefused, LeafIdentity
from rekey.dialects.doordeck.certificates import Certificates
from rekey.dialects.doordeck.errors import BadRequest, OperationRefused
from rekey.dialects.doordeck.ids import is_uuid
from rekey.dialects.doordeck.kit import Kit, SignedIn
from rekey.dialects.doordeck.signed_wire import SignedOperation, read_operation
from rekey.domain.credential import Credential, CredentialState
from rekey.ports.repositories.journal import SeenOperation
from rekey.webkit.jws import CompactJws, JwsRefusal, JwsRefused, parse_compact, verify_eddsa

# A batch of 25 users carries 25 RSA keys beside the chain.
MAX_BYTES = 131_072
SYNC_SECONDS = 60
_LEEWAY = 30
_LONGEST = int(timedelta(days=14).total_seconds())
_MAX_JTI = 256
_ALGORITHMS = frozenset({"EdDSA", "Ed25519"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """An operation that the caller has signed with a trusted key, within its times."""

    operation: SignedOperation
    attempted: str
    credential: Credential
    expires_at: datetime
    queued: bool
    once: SeenOperation


class Envelopes:
    """Reads envelopes for one organization's people."""

    def __init__(self, kit: Kit, certificates: Certificates) -> None:
        self._kit = kit
        self._certificates = certificates

    async def read(self, body: bytes, lock_id: str, me: SignedIn) -> SignedRequest:
        """Check everything that does not need the lock. Raises: OperationRefused (400, 403)."""
        jws = _parse(body)
        payload = jws.payload
        attempted = _attempted(payload)
        try:
            operation = _read_form(jws, lock_id)
            leaf = await self._identify(jws)
            _require_signature(jws, leaf)
            credential = await self._require_caller(leaf, payload, me)
            expires_at = _require_times(payload, self._kit.now)
        except OperationRefused as refused:
            raise OperationRefused(refused.status, str(refused), attempted) from refused
        except BadRequest as malformed:
            raise OperationRefused(400, str(malformed), attempted) from malformed
        digest = sha256(jws.signing_input).hexdigest()
        jti = payload.get("jti")
        return SignedRequest(
            operation=operation,
            attempted=attempted,
            credential=credential,
            expires_at=expires_at,
            queued=int(expires_at.timestamp()) - int(self._kit.now.timestamp()) > SYNC_SECONDS,
            once=SeenOperation(
                issuer=f"{me.person_id}/{lock_id}",
                token_id=f"sha256:{digest}" if jti is None else f"jti:{jti}",
                digest=digest,
                expires_at=expires_at,
                credential_id=credential.id,
            ),
        )

    async def _identify(self, jws: CompactJws) -> LeafIdentity:
        verifier = await self._kit.keyring.verifier()
        try:
            return verifier.verify(jws.header["x5c"], now=self._kit.now)
        except ChainRefused as refused:
            raise OperationRefused(403, str(refused)) from refused

    async def _require_caller(
        self, leaf: LeafIdentity, payload: dict[str, object], me: SignedIn
    ) -> Credential:
        if not leaf.user_id == str(payload["iss"]).lower() == me.person_id:
            raise OperationRefused(403, "iss, the certificate and the session must name the same user")
        credential = await self._certificates.known(me.actor, leaf.public_key)
        if credential is None or credential.person_id != me.person_id:
            raise OperationRefused(403, "This key is not registered by you")
        if credential.state is not CredentialState.ACTIVE:
            raise OperationRefused(403, "This key is no longer trusted")
        return credential


def _parse(body: bytes) -> CompactJws:
    try:
        # Shell tools leave a line break at the end; within the token nothing is forgiven.
        return parse_compact(body.strip(b"\r\n"), max_bytes=MAX_BYTES)
    except JwsRefused as refused:
        raise OperationRefused(400, str(refused)) from refused


def _attempted(payload: dict[str, object]) -> str:
    operation = payload.get("operation")
    kind = operation.get("type") if isinstance(operation, dict) else None
    return kind if isinstance(kind, str) and kind in _TYPES else "execute"


_TYPES = frozenset({"MUTATE_LOCK", "ADD_USER", "BATCH_ADD_USER", "REMOVE_USER", "MUTATE_SETTING"})


def _read_form(jws: CompactJws, lock_id: str) -> SignedOperation:
    """Read what the form alone decides. Raises: OperationRefused, BadRequest."""
    payload = jws.payload
    operation = read_operation(payload.get("operation"))
    for name in ("iss", "sub"):
        if not is_uuid(payload.get(name)):
            raise BadRequest(f"{name} must be a UUID")
    if str(payload["sub"]).lower() != lock_id:
        raise BadRequest("sub must be the lock of the path")
    jti = payload.get("jti")
    if jti is not None and not (isinstance(jti, str) and 0 < len(jti) <= _MAX_JTI):
        raise BadRequest(f"jti must be a text of at most {_MAX_JTI} characters")
    if jws.header["alg"] not in _ALGORITHMS:
        raise BadRequest("alg must be EdDSA")
    if not isinstance(jws.header.get("x5c"), list):
        raise BadRequest("x5c must hold the certificate chain")
    return operation


def _require_signature(jws: CompactJws, leaf: LeafIdentity) -> None:
    try:
        verify_eddsa(jws, leaf.public_key)
    except JwsRefused as refused:
        status = 403 if refused.reason is JwsRefusal.BAD_SIGNATURE else 400
        raise OperationRefused(status, str(refused)) from refused


def _require_times(payload: dict[str, object], now: datetime) -> datetime:
    seconds = now.timestamp()
    not_before, _issued, expires = (_epoch(payload, name) for name in ("nbf", "iat", "exp"))
    if not_before > seconds + _LEEWAY:
        raise BadRequest("nbf lies in the future")
    if expires <= seconds:
        raise BadRequest("exp has passed")
    if expires - seconds > _LONGEST:
        raise BadRequest("exp must lie within 14 days")
    return datetime.fromtimestamp(expires, UTC)


def _epoch(payload: dict[str, object], name: str) -> int:
    value = payload.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRequest(f"{name} must be a Unix time in whole seconds")
    return value
