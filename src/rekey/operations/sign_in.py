"""Signing in with a password, the same way for every wire API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from rekey.domain.errors import NotSignedIn, WrongCode
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor
from rekey.operations.authenticate import Caller, password_operator
from rekey.operations.core import Core
from rekey.operations.open_session import NewSession, OpenSession, Session, open_session
from rekey.operations.prove_second_factor import NoteWrongCode, note_wrong_code
from rekey.ports.attempts import AttemptKind
from rekey.ports.store import View

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordProof:
    """`code` is that of the second factor, where there is one; `address` that of the caller."""

    email: str
    password: str
    via: str
    code: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn(PasswordProof):
    """The proof, and the keys that are wanted for it."""

    keys: NewSession


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The actor acts by the password alone, before any key."""

    actor: Actor
    session: Session


async def sign_in(core: Core, organization_id: OrganizationId, wanted: SignIn) -> SignedIn:
    """Open a session for an address and a password.

    Raises: NotSignedIn, TooManyRequests, SecondFactorNeeded, WrongCode, and as `open_session`.
    """

    async def open_one(actor: Actor, stored: str) -> Session:
        opening = OpenSession(
            operator_id=actor.operator_id, password_hash=stored, keys=wanted.keys, code=wanted.code
        )
        return await core.perform(open_session, actor, opening)

    actor, session = await by_password(core, organization_id, wanted, open_one)
    return SignedIn(actor=actor, session=session)


async def by_password(
    core: Core,
    organization_id: OrganizationId,
    proof: PasswordProof,
    do: Callable[[Actor, str], Awaitable[T]],
) -> tuple[Actor, T]:
    """Do something as the account whose address and password these are; `do` also takes the hash that matched.

    A wrong code of the second factor is counted. Raises: NotSignedIn, TooManyRequests, and what `do` raises.
    """
    core.attempts.count(AttemptKind.PASSWORD, organization_id, proof.email, proof.address)
    operator, stored = await password_operator(core, organization_id, proof.email, proof.password)
    actor = Actor(
        organization_id=organization_id,
        operator_id=OperatorId(operator.id),
        key_id=None,
        via=proof.via,
        address=proof.address,
    )
    try:
        return actor, await do(actor, stored)
    except WrongCode:
        await core.perform(note_wrong_code, actor, NoteWrongCode(operator_id=operator.id))
        raise


async def password_again(core: Core, caller: Caller, email: str, password: str) -> str:
    """Check the address and the password of somebody who is signed in; give the hash that matched.

    Raises: NotSignedIn, TooManyRequests.
    """
    actor = caller.actor
    core.attempts.count(AttemptKind.PASSWORD, actor.organization_id, email, actor.address)

    async def look(view: View) -> str | None:
        person = await view.people.by_email(email.strip().lower())
        is_own = person is not None and person.id == caller.operator.person_id
        return await view.operators.password_hash(caller.operator.id) if is_own else None

    stored = await core.store.read(actor.organization_id, look)
    if not await core.secrets.password_matches(password, stored) or stored is None:
        raise NotSignedIn("e-mail address or password do not match")
    return stored
