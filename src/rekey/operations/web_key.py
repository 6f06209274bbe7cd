"""make_web_key and end_web_key: an address that opens a person's doors, so many times."""

from dataclasses import dataclass, replace
from datetime import datetime

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.errors import Invalid, NotFound
from rekey.domain.grant import Holder
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.end_client_session import find_client_session
from rekey.operations.end_credential import end_within
from rekey.operations.find import find_person
from rekey.operations.given_with import SESSION, WEB_KEY, session_given_with
from rekey.operations.imprints import imprint
from rekey.operations.issue_credential import NewCredential, credential_line, hold_credential
from rekey.operations.leavers import refuse_in_name_of
from rekey.ports.secrets import Secrets
from rekey.ports.store import View

ORIGIN = WEB_KEY
_BUNDLE = "bundle"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeWebKey:
    """`session_id` is the client session that ends with the key; `door_ids` as for any credential.

    `bundle_id` names the bundle that it was given with, if it was.
    """

    person_id: str
    session_id: str
    max_uses: int
    until: datetime
    door_ids: frozenset[str] = frozenset()
    bundle_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWebKey:
    credential_id: str


@operation(Permission.PEOPLE_WRITE)
async def make_web_key(act: Act, wanted: MakeWebKey) -> Credential:
    """Make a web key: whoever has its address opens what its person may, `max_uses` times.

    Raises: NotFound, PersonLeft, NotAllowed (in another's name, as for `issue_credential`), Invalid (max_uses,
    until).
    """
    await act.require(Scope.organization(act.work.organization_id))
    await find_person(act.work, wanted.person_id)
    await refuse_in_name_of(act, wanted.person_id)
    await find_client_session(act.work, wanted.session_id)
    if wanted.until <= act.now:
        raise Invalid("until", "must be in the future")
    key = await hold_web_key(act, wanted, Validity(start=act.now, end=wanted.until))
    await act.record("credential.issued", person_id=key.person_id, detail=credential_line(key))
    return key


async def hold_web_key(act: Act, wanted: MakeWebKey, validity: Validity) -> Credential:
    """Make a web key within an act that records it. Raises: as `make_web_key`."""
    key_id = act.new_id()
    given = () if wanted.bundle_id is None else ((_BUNDLE, wanted.bundle_id),)
    new = NewCredential(
        kind=CredentialKind.LINK,
        # Without a sealed part it is on no door's list: this server alone counts its uses.
        fingerprint=imprint(act.secrets, web_key_secret(act.secrets, key_id)).fingerprint,
        identifiers=((SESSION, wanted.session_id), *given),
        door_ids=wanted.door_ids,
        max_uses=wanted.max_uses,
        origin=ORIGIN,
        validity=validity,
    )
    return await hold_credential(act, new, Holder.person(wanted.person_id), known_id=key_id)


@operation(Permission.PEOPLE_WRITE)
async def end_web_key(act: Act, wanted: EndWebKey) -> Credential:
    """End a web key and its client session. Raises: NotFound."""
    await act.require(Scope.organization(act.work.organization_id))
    key = await find_web_key(act.work, wanted.credential_id)
    session_id = await end_web_key_within(act, key)
    detail = {**credential_line(key), "client_session": session_id}
    await act.record("credential.ended", person_id=key.person_id, detail=detail)
    return replace(key, state=CredentialState.ENDED, ended_at=act.now)


async def end_web_key_within(act: Act, key: Credential) -> str | None:
    """End a web key within an act that records it; name its client session, which ends with it."""
    session = await session_given_with(act.work, key)
    await end_within(act, key)
    return None if session is None else session.id


async def find_web_key(view: View, key_id: str) -> Credential:
    """Find a web key that stands. Raises: NotFound."""
    key = await view.credentials.get(key_id)
    if key is None or key.ended_at is not None or key.origin != ORIGIN:
        raise NotFound("web_key", key_id)
    return key


def session_of_key(key: Credential) -> str:
    return dict(key.identifiers)[SESSION]


def bundle_of_key(key: Credential) -> str | None:
    """Name the bundle that a web key was given with; None for any other credential."""
    return dict(key.identifiers).get(_BUNDLE) if key.origin == ORIGIN else None


def web_key_secret(secrets: Secrets, key_id: str) -> str:
    """Give the secret in a web key's address: made of its id by this server's own secret, so kept nowhere."""
    return secrets.fingerprint(f"web key {key_id}")
