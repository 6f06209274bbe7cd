"""The keys of bundles: what a phone or this server opens with, and the web key of who has no app."""

from dataclasses import replace
from datetime import datetime, timedelta

from rekey.domain.bundle import Bundle, Medium, MediumKind
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.grant import Holder
from rekey.domain.validity import Validity
from rekey.operations.act import Act
from rekey.operations.edit_credential import EditCredential, edit_within
from rekey.operations.issue_credential import NewCredential, hold_credential
from rekey.operations.open_client_session import OpenClientSession, open_within
from rekey.operations.web_key import (
    MakeWebKey,
    end_web_key_within,
    hold_web_key,
    session_of_key,
)

KEYS = {MediumKind.MOBILE_KEY: CredentialKind.MOBILE_KEY, MediumKind.CLOUD_KEY: CredentialKind.LINK}
# How long the web key of a bundle without an end lasts: a session must end some day.
OPEN_ENDED = timedelta(days=3650)
_SECRET = 32


async def put_key(act: Act, bundle: Bundle, kind: MediumKind, door_ids: frozenset[str]) -> Credential | None:
    """Give a key that opens these doors, none where there are no doors. Raises: PersonLeft."""
    if not door_ids:
        return None
    new = NewCredential(
        kind=KEYS[kind],
        # Nobody presents it at a reader: this server does, for whoever proved to be the person.
        fingerprint=act.secrets.fingerprint(act.entropy.token_bytes(_SECRET).hex()),
        label=bundle.name,
        door_ids=door_ids,
        origin=bundle.origin,
        validity=bundle.validity,
    )
    return await hold_credential(act, new, Holder.person(bundle.person_id))


async def put_web_key(
    act: Act, bundle: Bundle, session: OpenClientSession, *, max_uses: int, door_ids: frozenset[str]
) -> Credential | None:
    """Open a session for the bundle's person, and give the web key that ends with it. Raises: PersonLeft."""
    if not door_ids:
        return None
    until = _until(act, bundle.validity)
    opened = await open_within(act, replace(session, person_id=bundle.person_id, expires_at=until))
    wanted = MakeWebKey(
        person_id=bundle.person_id,
        session_id=opened.session.id,
        max_uses=max_uses,
        until=until,
        door_ids=door_ids,
        bundle_id=bundle.id,
    )
    return await hold_web_key(act, wanted, Validity(start=bundle.validity.start, end=until))


async def standing_web_key(act: Act, medium: Medium) -> Credential | None:
    """Give the web key of a medium, unless it was ended by itself."""
    key = None if medium.web_key_id is None else await act.work.credentials.get(medium.web_key_id)
    return None if key is None or key.ended_at is not None else key


async def end_key(act: Act, medium: Medium) -> None:
    """End the web key of a medium with its session."""
    key = await standing_web_key(act, medium)
    if key is not None:
        await end_web_key_within(act, key)


async def move_key(act: Act, medium: Medium, validity: Validity) -> None:
    """Give a web key the new window; its address stays."""
    key = await standing_web_key(act, medium)
    if key is None:
        return
    until = _until(act, validity)
    window = Validity(start=validity.start, end=until)
    await edit_within(act, key, replace(EditCredential.of(key), validity=window))
    session = await act.work.client_sessions.get(session_of_key(key))
    if session is not None:
        await act.work.keys.prolong(session.key_id, until)


async def limit_key(act: Act, medium: Medium, door_ids: frozenset[str]) -> None:
    """Let a web key open these doors and no others; without any it ends."""
    key = await standing_web_key(act, medium)
    if key is None or key.door_ids == door_ids:
        return
    if not door_ids:
        await end_web_key_within(act, key)
        return
    await edit_within(act, key, replace(EditCredential.of(key), door_ids=door_ids))


def _until(act: Act, validity: Validity) -> datetime:
    return act.now + OPEN_ENDED if validity.end is None else validity.end
