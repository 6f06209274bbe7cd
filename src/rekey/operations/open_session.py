"""open_session, renew_session, open_session_for: signing in."""

from dataclasses import dataclass, replace
from datetime import timedelta

from rekey.domain.errors import Invalid, NotAllowed, NotSignedIn
from rekey.domain.operator import Key, KeyKind, Operator
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.accounts import put_account
from rekey.operations.act import Act, operation
from rekey.operations.authority import highest_rank, rank_of
from rekey.operations.directory_switch import refuse_switched_off
from rekey.operations.find import find_person
from rekey.operations.issue_key import IssueKey, put_key, refuse_too_many
from rekey.operations.leavers import refuse_beyond_own, refuse_leaver
from rekey.operations.prove_second_factor import require_second_factor
from rekey.ports.listing import WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """The keys of one session; `refresh` only where the wire API has one.

    `keep` is how many sessions of this kind and API an operator may have; the least used makes room.
    """

    session: IssueKey
    refresh: IssueKey | None = None
    keep: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """Comes after the password was checked against `password_hash`, which must still be the stored one.

    `code` is that of the second factor, where the operator has an active one.
    """

    operator_id: str
    password_hash: str
    keys: NewSession
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewSession:
    """Ends the refresh key and opens a new session for the same operator.

    The ended key is taken again within `grace`, since clients that call in parallel renew in parallel, as
    long as a key of the same name, by which the keys of one sign-in know each other, still stands.
    """

    refresh_key_id: str
    grace: timedelta
    keys: NewSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    operator: Operator
    session: Key
    refresh: Key | None


@operation(None)
async def open_session(act: Act, wanted: OpenSession) -> Session:
    """Open a session for an operator whose password matched, or make an API key in its place.

    Raises: NotSignedIn, SecondFactorNeeded, WrongCode, TooManyRequests (wrong codes), NotAllowed (an API key
    for somebody who manages no operators), Invalid (the eleventh).
    """
    act.waive("the password stands in for it")
    operator = await prove_password(act, wanted.operator_id, wanted.password_hash, wanted.code)
    await _refuse_api_key(act, operator, wanted.keys)
    await refuse_too_many(act, _for(operator, wanted.keys.session))
    session = await put_session(act, operator, wanted.keys)
    await _record(act, "session.opened", operator, session)
    return session


@operation(None)
async def renew_session(act: Act, wanted: RenewSession) -> Session:
    """Open a new session with a refresh key. Raises: NotSignedIn for a refresh key that has ended."""
    act.waive("the refresh key stands in for it")
    old = await act.work.keys.get(wanted.refresh_key_id)
    if old is None or old.kind is not KeyKind.REFRESH:
        raise NotSignedIn("this session has ended: sign in again")
    if old.expires_at is not None and old.expires_at <= act.now:
        raise NotSignedIn("this session has expired: sign in again")
    operator = await act.work.operators.get(old.operator_id)
    if operator is None:
        raise NotSignedIn("this account has ended")
    if not await act.work.keys.end(old.id, act.now):
        await _require_grace(act, old, wanted.grace)
    session = await put_session(act, operator, wanted.keys)
    await _record(act, "session.renewed", operator, session)
    return session


async def prove_password(act: Act, operator_id: str, password_hash: str, code: str | None) -> Operator:
    """Find the operator whose password matched outside the act, with the second factor's code where there is one.

    Raises: NotSignedIn, SecondFactorNeeded, WrongCode, TooManyRequests.
    """
    operator = await act.work.operators.get(operator_id)
    stored = await act.work.operators.password_hash(operator_id)
    if operator is None or stored is None or stored != password_hash:
        raise NotSignedIn("e-mail address or password do not match")
    await _require_password_sign_in(act, operator)
    await require_second_factor(act, operator.id, code)
    return operator


async def _require_grace(act: Act, old: Key, grace: timedelta) -> None:
    """Refuse a refresh key that ended too long ago, or whose session was signed out. Raises: NotSignedIn."""
    standing = await act.work.keys.list(WHOLE, operator_id=old.operator_id)
    lives_on = any(key.name == old.name for key in standing.items)
    if not lives_on or old.ended_at is None or old.ended_at + grace <= act.now:
        raise NotSignedIn("this session has ended: sign in again")


async def _require_password_sign_in(act: Act, operator: Operator) -> None:
    """Refuse a password where an administrator switched signing in with one off. Raises: NotSignedIn."""
    person = None if operator.person_id is None else await act.work.people.get(operator.person_id)
    if person is not None and not person.password_sign_in:
        raise NotSignedIn("e-mail address or password do not match")


async def _refuse_api_key(act: Act, operator: Operator, keys: NewSession) -> None:
    """An API key outlives a session, so only those who manage operators may make one by password."""
    if keys.session.kind is not KeyKind.API_KEY or operator.person_id is None:
        return
    everywhere = Scope.organization(act.work.organization_id)
    rank = await highest_rank(
        act.work, operator.person_id, Permission.OPERATORS_WRITE, everywhere, now=act.now
    )
    if rank is None:
        raise NotAllowed("only an administrator may make an API key")


async def put_session(act: Act, operator: Operator, keys: NewSession) -> Session:
    """Store the keys of a session within an act that records it; beyond `keep` the least used make room."""
    await refuse_switched_off(act, operator)
    await _make_room(act, operator, keys)
    session = await put_key(act, _for(operator, keys.session))
    refresh = None if keys.refresh is None else await put_key(act, _for(operator, keys.refresh))
    return Session(operator=operator, session=session, refresh=refresh)


async def _make_room(act: Act, operator: Operator, keys: NewSession) -> None:
    """End the sessions that were used least recently, until one more may be kept."""
    if keys.keep is None:
        return
    listed = await act.work.keys.list(WHOLE, operator_id=operator.id, kind=keys.session.kind)
    held = [key for key in listed.items if key.via == keys.session.via]
    held.sort(key=lambda key: (key.last_used_at or key.created_at, key.number))
    for key in held[: max(0, len(held) + 1 - keys.keep)]:
        await act.work.keys.end(key.id, act.now)


def _for(operator: Operator, key: IssueKey) -> IssueKey:
    return replace(key, operator_id=operator.id, permissions=None)


async def _record(act: Act, action: str, operator: Operator, session: Session) -> None:
    await act.record(
        action, person_id=operator.person_id, detail={"operator": operator.id, "key": session.session.id}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSessionFor:
    """An administrator signs a person in on the person's behalf."""

    person_id: str
    keys: NewSession


@operation(Permission.OPERATORS_WRITE)
async def open_session_for(act: Act, wanted: OpenSessionFor) -> Session:
    """Open a session for a person, who gets an account without a password if there is none.

    Raises: NotFound, NotAllowed (a person whose role is above one's own), PersonLeft, Invalid (a guest).
    """
    everywhere = Scope.organization(act.work.organization_id)
    await act.require(everywhere)
    person = await find_person(act.work, wanted.person_id)
    if person.is_guest:
        raise Invalid("person", "is a guest, who has no account")
    await refuse_leaver(act, person.id)
    await refuse_beyond_own(act, everywhere)
    theirs = await highest_rank(act.work, person.id, Permission.GRANTS_READ, everywhere, now=act.now)
    if theirs is not None and theirs > await rank_of(act.work, act.actor, everywhere, act.now):
        raise NotAllowed("you may not sign in a person whose role is above your own")
    operator = await act.work.operators.of_person(person.id)
    if operator is None:
        operator = await put_account(act, person)
    session = await put_session(act, operator, wanted.keys)
    await _record(act, "session.opened", operator, session)
    return session
