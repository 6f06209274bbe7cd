"""The account of somebody whom a directory provisions: the password that it sends, and the welcome by mail."""

from dataclasses import dataclass

from rekey.domain.errors import Invalid, TooManyRequests
from rekey.domain.journal import JsonValue
from rekey.domain.operator import Actor
from rekey.domain.people import Person
from rekey.domain.role import Role
from rekey.operations.accounts import put_account
from rekey.operations.act import Act
from rekey.operations.core import Core
from rekey.operations.leavers import leaver_block
from rekey.operations.passwords import check_new_password, end_sessions
from rekey.operations.post import Letter, post
from rekey.operations.take_up_invitation import send_invitation
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPassword:
    """The slow hash of a password that a directory sent; None for one that is too short or too long."""

    hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """What is mailed to somebody new: `invitation` holds the place of a token, `notice` needs none."""

    invitation: Letter
    notice: Letter


async def read_directory_password(
    core: Core, actor: Actor, password: str, *, person_id: str | None = None
) -> DirectoryPassword | None:
    """Hash what the directory sent, outside of any act; None if it is the person's password already."""
    try:
        check_new_password(password)
    except Invalid:
        return DirectoryPassword(hash=None)

    async def look(view: View) -> str | None:
        operator = None if person_id is None else await view.operators.of_person(person_id)
        return None if operator is None else await view.operators.password_hash(operator.id)

    stored = await core.store.read(actor.organization_id, look)
    if stored is not None and await core.secrets.password_matches(password, stored):
        return None
    return DirectoryPassword(hash=await core.secrets.hash_password(password))


async def keep_directory_password(
    act: Act, person: Person, password: DirectoryPassword | None, *, known: bool = True
) -> dict[str, JsonValue]:
    """Set the password within an act that records it, and say for the journal whether it was taken.

    One that breaks the rules fails nothing else. Nor is it taken for somebody who left or whose role does
    more than open doors: whoever holds the directory's key would hold those powers too. Of a person who is
    not `known` to the directory before this act, a password that stands already stays.
    """
    if password is None:
        return {}
    refused = await _why_not(act, person, password) or await _why_not_yet(act, person, known=known)
    if refused or password.hash is None:
        return {"password_set": False, "password_refused": refused}
    operator = await act.work.operators.of_person(person.id)
    if operator is None:
        await put_account(act, person, password.hash)
        return {"password_set": True}
    await act.work.operators.set_password_hash(operator.id, password.hash)
    return {"password_set": True, "ended_sessions": await end_sessions(act, operator.id)}


async def welcome_by_mail(act: Act, person: Person, welcome: Welcome) -> bool:
    """Mail somebody new within an act that records it; say whether there is an address to write to."""
    if person.email is None:
        return False
    if await act.work.operators.of_person(person.id) is not None:
        await post(act, person.email, welcome.notice)
        return True
    try:
        await send_invitation(act, person, welcome.invitation)
    except TooManyRequests:
        return False
    return True


async def _why_not(act: Act, person: Person, password: DirectoryPassword) -> str:
    if password.hash is None:
        return "it breaks the rules for passwords"
    if not person.password_sign_in:
        return "this person does not sign in with a password"
    if await leaver_block(act, person.id) is not None:
        return "this person left"
    if await does_more_than_open(act.work, person.id):
        return "this person's role does more than open doors"
    return ""


async def does_more_than_open(view: View, person_id: str) -> bool:
    """Say whether any role of the person is more than that of a guest: no directory signs in with its powers."""
    holder = await view.access.holder(person_id)
    return holder is not None and any(grant.role is not Role.BASIC for grant in holder.grants)


async def _why_not_yet(act: Act, person: Person, *, known: bool) -> str:
    """What comes with the takeover is what a directory would have opened an account with: often a random one."""
    operator = None if known else await act.work.operators.of_person(person.id)
    chosen = operator is not None and await act.work.operators.password_hash(operator.id) is not None
    return "this person has a password already" if chosen else ""
