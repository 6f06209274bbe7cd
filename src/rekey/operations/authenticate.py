"""From a secret in a request to the actor behind it."""

from dataclasses import dataclass
from datetime import timedelta

from rekey.domain.errors import NotSignedIn, StoreUnavailable
from rekey.domain.ids import KeyId, OrganizationId
from rekey.domain.operator import Actor, Key, KeyKind, Operator
from rekey.operations.authority import check_key
from rekey.operations.consented import require_consented
from rekey.operations.core import Core
from rekey.ports.store import UnitOfWork, View

USE_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the actor for operations, with the operator and key as they stood at sign-in."""

    actor: Actor
    operator: Operator
    key: Key


async def authenticate_secret(
    core: Core, secret: str, *, kinds: frozenset[KeyKind], via: str, address: str | None = None
) -> Caller:
    """Find who holds this secret. Raises: NotSignedIn for an unknown, ended, expired or wrong kind of key."""
    fingerprint = core.secrets.fingerprint(secret)
    organization_id = await core.store.directory.organization_of_key(fingerprint)
    if organization_id is None:
        raise NotSignedIn("this key is unknown")

    async def look(view: View) -> Caller:
        key = await view.keys.by_secret(fingerprint)
        return await _caller(core, view, key, kinds=kinds, via=via, address=address)

    return await _used(core, await core.store.read(organization_id, look))


async def authenticate_session(
    core: Core,
    organization_id: OrganizationId,
    key_id: KeyId,
    *,
    kinds: frozenset[KeyKind],
    via: str,
    address: str | None = None,
) -> Caller:
    """Find the session that a verified token names. Raises: NotSignedIn as `authenticate_secret`."""

    async def look(view: View) -> Caller:
        return await _caller(core, view, await view.keys.get(key_id), kinds=kinds, via=via, address=address)

    return await _used(core, await core.store.read(organization_id, look))


async def _used(core: Core, caller: Caller) -> Caller:
    """Note now and then that a key is in use, so that it does not expire of idleness; at most once an hour."""
    key, now = caller.key, core.clock.now()
    if (key.last_used_at or key.created_at) + USE_NOTED_EVERY > now:
        return caller

    async def note(unit: UnitOfWork) -> None:
        unit.keep_books()
        await unit.keys.touch(key.id, now)

    try:
        await core.store.act(caller.actor.organization_id, note)
    except StoreUnavailable:
        # Whoever only reads may do so while nothing can be written; the next call notes it.
        return caller
    return caller


async def _caller(
    core: Core, view: View, key: Key | None, *, kinds: frozenset[KeyKind], via: str, address: str | None
) -> Caller:
    if key is None or key.kind not in kinds:
        raise NotSignedIn("this key is unknown or of another kind")
    if key.kind is KeyKind.API_KEY and key.via not in {via, "any"}:
        raise NotSignedIn("this key belongs to another API")
    operator = await view.operators.get(key.operator_id)
    if operator is None:
        raise NotSignedIn("this account has ended")
    actor = Actor(
        organization_id=view.organization_id,
        operator_id=operator.id,
        key_id=key.id,
        via=via,
        is_automation=operator.is_automation,
        address=address,
    )
    check_key(key, core.clock.now())
    await require_consented(view, key)
    return Caller(actor, operator, key)


async def password_operator(
    core: Core, organization_id: OrganizationId, email: str, password: str
) -> tuple[Operator, str]:
    """Find the operator whose e-mail address and password match, and the hash that matched.

    A wrong password and an unknown address cost the same and say the same. Raises: NotSignedIn.
    """

    async def look(view: View) -> tuple[Operator | None, str | None]:
        person = await view.people.by_email(email.strip().lower())
        operator = None if person is None else await view.operators.of_person(person.id)
        stored = None if operator is None else await view.operators.password_hash(operator.id)
        return operator, stored

    operator, stored = await core.store.read(organization_id, look)
    matches = await core.secrets.password_matches(password, stored)
    if operator is None or stored is None or not matches:
        raise NotSignedIn("e-mail address or password do not match")
    return operator, stored
