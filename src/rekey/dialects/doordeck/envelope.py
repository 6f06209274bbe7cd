"""The signed envelope of an operation: its form, its chain, its signature, whom it names, its times.

The checks run in the order of the Doordeck contract, section 5.4, and none of them answers 401.
"""

from collections.abc import Iterator
from contextlib import contextmanager
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
from rekey.domain.errors import NotAllowed
from rekey.operations.account_key import signing_account_key
from rekey.ports.repositories.journal import SeenOperation
from rekey.webkit.jwk import verify_rs256
from rekey.webkit.jws import CompactJws, JwsRefusal, JwsRefused, parse_compact, verify_eddsa

# A batch of 25 users carries 25 RSA keys beside the chain.
MAX_BYTES = 131_072
SYNC_SECONDS = 60
_LEEWAY = 30
_LONGEST = int(timedelta(days=14).total_seconds())
_MAX_JTI = 256
LEGACY = "RS256"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """An envelope whose chain and signature hold: who signed, before anybody was asked whether the key stands."""

    jws: CompactJws
    operation: SignedOperation
    leaf: LeafIdentity

    @property
    def lock_id(self) -> str:
        return str(self.jws.payload["sub"]).lower()


class Envelopes:
    """Reads envelopes for one organization's people."""

    def __init__(self, kit: Kit, certificates: Certificates) -> None:
        self._kit = kit
        self._certificates = certificates

    async def read(self, body: bytes, lock_id: str, me: SignedIn) -> SignedRequest:
        """Check everything that does not need the lock. Raises: OperationRefused (400, 403)."""
        jws = _parse(body)
        with _naming(attempted_of(jws)):
            operation = _read_form(jws, lock_id)
            if jws.header["alg"] == LEGACY:
                return self._accept(jws, operation, await self._legacy(jws, me), me)
            proved = await self._prove(jws, operation)
            return self._accept(jws, operation, await self._require_caller(proved, me), me)

    async def prove(self, body: bytes) -> Proved:
        """Check an envelope that comes without a session: its form, chain and signature. Raises: OperationRefused."""
        jws = _parse(body)
        with _naming(attempted_of(jws)):
            operation = _read_form(jws, None)
            if jws.header["alg"] == LEGACY:
                raise BadRequest("alg must be EdDSA: nothing else names who signed")
            return await self._prove(jws, operation)

    async def accept(self, proved: Proved, me: SignedIn) -> SignedRequest:
        """Check the rest of it, whoever was found to be its signer. Raises: OperationRefused (400, 403)."""
        with _naming(attempted_of(proved.jws)):
            return self._accept(proved.jws, proved.operation, await self._require_caller(proved, me), me)

    async def _prove(self, jws: CompactJws, operation: SignedOperation) -> Proved:
        verifier = await self._kit.keyring.verifier()
        try:
            leaf = verifier.verify(jws.header["x5c"], now=self._kit.now)
        except ChainRefused as refused:
            raise OperationRefused(403, str(refused)) from refused
        _require_signature(jws, leaf)
        return Proved(jws=jws, operation=operation, leaf=leaf)

    def _accept(
        self, jws: CompactJws, operation: SignedOperation, credential: Credential, me: SignedIn
    ) -> SignedRequest:
        expires_at = _require_times(jws.payload, self._kit.now)
        digest = sha256(jws.signing_input).hexdigest()
        jti = jws.payload.get("jti")
        return SignedRequest(
            operation=operation,
            attempted=attempted_of(jws),
            credential=credential,
            expires_at=expires_at,
            queued=int(expires_at.timestamp()) - int(self._kit.now.timestamp()) > SYNC_SECONDS,
            once=SeenOperation(
                issuer=f"{me.person_id}/{str(jws.payload['sub']).lower()}",
                token_id=f"sha256:{digest}" if jti is None else f"jti:{jti}",
                digest=digest,
                expires_at=expires_at,
                credential_id=credential.id,
            ),
        )

    async def _require_caller(self, proved: Proved, me: SignedIn) -> Credential:
        leaf = proved.leaf
        if not leaf.user_id == str(proved.jws.payload["iss"]).lower() == me.person_id:
            raise OperationRefused(403, "iss, the certificate and the session must name the same user")
        credential = await self._certificates.known(me.actor, leaf.public_key)
        if credential is None or credential.person_id != me.person_id:
            raise OperationRefused(403, "This key is not registered by you")
        if credential.state is not CredentialState.ACTIVE:
            raise OperationRefused(403, "This key is no longer trusted")
        return credential

    async def _legacy(self, jws: CompactJws, me: SignedIn) -> Credential:
        """Check a signature by the pair that the server issued, as the first clients made it."""
        try:
            credential = await self._kit.core.store.read(
                me.actor.organization_id,
                lambda view: signing_account_key(
                    view, me.person_id, second_factor=self._kit.settings.second_factor
                ),
            )
            verify_rs256(jws, credential.public_part)
        except (NotAllowed, JwsRefused) as refused:
            raise OperationRefused(403, str(refused)) from refused
        if str(jws.payload["iss"]).lower() != me.person_id:
            raise OperationRefused(403, "iss and the session must name the same user")
        return credential


@contextmanager
def _naming(attempted: str) -> Iterator[None]:
    """Let a refusal say what was attempted."""
    try:
        yield
    except OperationRefused as refused:
        raise OperationRefused(refused.status, str(refused), attempted) from refused
    except BadRequest as malformed:
        raise OperationRefused(400, str(malformed), attempted) from malformed


def _parse(body: bytes) -> CompactJws:
    try:
        # Shell tools leave a line break at the end; within the token nothing is forgiven.
        return parse_compact(body.strip(b"\r\n"), max_bytes=MAX_BYTES)
    except JwsRefused as refused:
        raise OperationRefused(400, str(refused)) from refused


def attempted_of(jws: CompactJws) -> str:
    """Give the type that the operation names, as far as it is a known one."""
    operation = jws.payload.get("operation")
    kind = operation.get("type") if isinstance(operation, dict) else None
    return kind if isinstance(kind, str) and kind in _TYPES else "execute"


_TYPES = frozenset({"MUTATE_LOCK", "ADD_USER", "BATCH_ADD_USER", "REMOVE_USER", "MUTATE_SETTING"})


def _read_form(jws: CompactJws, lock_id: str | None) -> SignedOperation:
    """Read what the form alone decides; without a path any lock may be named. Raises: BadRequest."""
    payload = jws.payload
    operation = read_operation(payload.get("operation"))
    for name in ("iss", "sub"):
        if not is_uuid(payload.get(name)):
            raise BadRequest(f"{name} must be a UUID")
    if lock_id is not None and str(payload["sub"]).lower() != lock_id:
        raise BadRequest("sub must be the lock of the path")
    jti = payload.get("jti")
    if jti is not None and not (isinstance(jti, str) and 0 < len(jti) <= _MAX_JTI):
        raise BadRequest(f"jti must be a text of at most {_MAX_JTI} characters")
    if jws.header["alg"] == LEGACY and "x5c" not in jws.header:
        return operation
    if jws.header["alg"] not in _ALGORITHMS:
        raise BadRequest("alg must be EdDSA, or RS256 without x5c")
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
