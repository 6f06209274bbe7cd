"""change_password, ask_password_reset, reset_password."""

from dataclasses import dataclass
from datetime import timedelta

from rekey.domain.challenge import ChallengePurpose
from rekey.domain.errors import NotAllowed, NotFound, NotSignedIn, PersonLeft, TooManyRequests
from rekey.domain.operator import Actor, Operator
from rekey.domain.people import Person
from rekey.operations.accounts import put_account
from rekey.operations.act import Act, operation
from rekey.operations.authority import signed_in
from rekey.operations.challenges import CodeForm, NewChallenge, make_challenge, take_token
from rekey.operations.consents import refuse_application
from rekey.operations.core import Core
from rekey.operations.find import find_person
from rekey.operations.leavers import refuse_leaver, refuse_stale_code
from rekey.operations.passwords import check_new_password, end_sessions
from rekey.operations.post import Letter, post
from rekey.operations.verified_mail import set_verified
from rekey.ports.attempts import AttemptKind

RESET_LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """Comes after the old password was checked against `old_hash`, which must still be the stored one."""

    old_hash: str
    new_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPasswordReset:
    """The letter's `{code}` becomes a token that counts for an hour."""

    email: str
    letter: Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    """`person_id` is given where the wire API names the person beside the token."""

    token: str
    new_hash: str
    person_id: str | None = None


@operation(None)
async def change_password(act: Act, wanted: ChangePassword) -> int:
    """Change the caller's own password and end the other sessions; say how many keys ended.

    Raises: NotSignedIn, NotAllowed (an application that acts for the caller).
    """
    act.waive("the old password stands in for it")
    await refuse_application(act)
    operator, _key = await signed_in(act.work, act.actor, act.now)
    if await act.work.operators.password_hash(operator.id) != wanted.old_hash:
        raise NotSignedIn("the password was changed meanwhile")
    await act.work.operators.set_password_hash(operator.id, wanted.new_hash)
    ended = await end_sessions(act, operator.id, but=act.actor.key_id)
    await act.record(
        "password.changed", person_id=operator.person_id, detail={"operator": operator.id, "keys": ended}
    )
    return ended


@operation(None)
async def ask_password_reset(act: Act, wanted: AskPasswordReset) -> None:
    """Send a token to the mailbox of an account; whoever asks can't tell whether there is one.

    Somebody who was added or invited and has no account yet gets one by answering.
    """
    act.waive("whoever reads the mailbox is asked, not who calls")
    person = await act.work.people.by_email(wanted.email.strip().lower())
    if person is None or person.email is None or not await _may_reset(act, person):
        act.work.keep_books()
        return
    asked = NewChallenge(
        purpose=ChallengePurpose.RESET_PASSWORD,
        subject_id=person.id,
        address=person.email,
        form=CodeForm.TOKEN,
        life=RESET_LIFE,
    )
    try:
        token = await make_challenge(act, asked)
    except TooManyRequests:
        # Told, it would say that there is such an account.
        act.work.keep_books()
        return
    await post(act, person.email, wanted.letter.with_code(token, person.id), until=act.now + RESET_LIFE)
    await act.record("password.reset_asked", person_id=person.id)


@operation(None)
async def reset_password(act: Act, wanted: ResetPassword) -> Operator:
    """Set the password of whoever reads the mailbox, end every session, and take the mailbox as proved.

    Raises: NotFound, Gone (the token), PersonLeft.
    """
    act.waive("the token from the mailbox stands in for it")
    challenge = await take_token(act, ChallengePurpose.RESET_PASSWORD, wanted.token)
    person = await find_person(act.work, challenge.subject_id)
    if person.email != challenge.address or wanted.person_id not in {None, person.id}:
        raise NotFound("code", "")
    await refuse_stale_code(act, person.id, challenge)
    operator = await act.work.operators.of_person(person.id) or await put_account(act, person)
    await act.work.operators.set_password_hash(operator.id, wanted.new_hash)
    ended = await end_sessions(act, operator.id)
    verified = await set_verified(act, operator)
    await act.record("password.reset", person_id=person.id, detail={"operator": operator.id, "keys": ended})
    return verified


async def change_own_password(core: Core, actor: Actor, old: str, new: str) -> None:
    """Check the old password and change it to the new one.

    Raises: Invalid (password), NotSignedIn, and as `matched_hash`.
    """
    check_new_password(new)
    stored = await matched_hash(core, actor, old)
    new_hash = await core.secrets.hash_password(new)
    await core.perform(change_password, actor, ChangePassword(old_hash=stored, new_hash=new_hash))


async def matched_hash(core: Core, actor: Actor, old: str) -> str:
    """Give the stored hash that the actor's own password matches. Raises: NotAllowed, recorded; TooManyRequests."""
    core.attempts.count(AttemptKind.PASSWORD, actor.organization_id, actor.operator_id, actor.address)
    stored = await core.store.read(
        actor.organization_id, lambda view: view.operators.password_hash(actor.operator_id)
    )
    if not await core.secrets.password_matches(old, stored) or stored is None:
        refusal = NotAllowed("the old password is not right")
        await core.record_refusal(actor, change_password.name, refusal)
        raise refusal
    return stored


async def _may_reset(act: Act, person: Person) -> bool:
    try:
        await refuse_leaver(act, person.id)
    except PersonLeft:
        return False
    return person.password_sign_in and not person.is_guest
