"""invite_to_account, take_up_invitation: a person who is known here gets an account, by a token sent to the mailbox."""

from dataclasses import dataclass, replace
from datetime import timedelta

from rekey.domain.challenge import ChallengePurpose
from rekey.domain.errors import Conflict, Gone, Invalid
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.accounts import put_account
from rekey.operations.act import Act, operation
from rekey.operations.challenges import CodeForm, NewChallenge, make_challenge, take_token
from rekey.operations.find import find_person
from rekey.operations.leavers import refuse_leaver, refuse_stale_code
from rekey.operations.post import Letter, post
from rekey.operations.texts import clean_name

LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteToAccount:
    """The letter holds the place of the token."""

    person_id: str
    letter: Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeUpInvitation:
    """Comes from whoever reads the mailbox; no name keeps the one that is known."""

    token: str
    password_hash: str
    name: str | None = None


@operation(Permission.PEOPLE_WRITE)
async def invite_to_account(act: Act, wanted: InviteToAccount) -> None:
    """Mail a person a token by which to make an account within 14 days; an earlier one counts no more.

    Raises: NotFound, PersonLeft, Invalid (a guest, or no address), Conflict (an account is there), TooManyRequests.
    """
    await act.require(Scope.organization(act.work.organization_id))
    person = await find_person(act.work, wanted.person_id)
    await refuse_leaver(act, person.id)
    if person.is_guest:
        raise Invalid("person", "is a guest, who has no account")
    if await act.work.operators.of_person(person.id) is not None:
        raise Conflict("this person has an account already")
    await send_invitation(act, person, wanted.letter)
    await act.record("invitation.sent", person_id=person.id, detail={"address": person.email})


async def send_invitation(act: Act, person: Person, letter: Letter) -> None:
    """Mail the token within an act that records it. Raises: Invalid (no address), TooManyRequests."""
    if person.email is None:
        raise Invalid("email", "must be known, or there is nowhere to send it")
    code = await make_challenge(
        act,
        NewChallenge(
            purpose=ChallengePurpose.TAKE_UP_INVITATION,
            subject_id=person.id,
            address=person.email,
            form=CodeForm.TOKEN,
            life=LIFE,
        ),
    )
    await post(act, person.email, letter.with_code(code), until=act.now + LIFE)


@operation(None)
async def take_up_invitation(act: Act, wanted: TakeUpInvitation) -> Person:
    """Make the account of the person whom the token was sent to.

    Raises: NotFound (token), Gone (spent, expired, or the address has changed since), Conflict (an account is
    there, or a password may not sign in), PersonLeft, Invalid (name).
    """
    act.waive("the token that was sent to the person's mailbox stands in for it")
    challenge = await take_token(act, ChallengePurpose.TAKE_UP_INVITATION, wanted.token)
    person = await find_person(act.work, challenge.subject_id)
    await refuse_stale_code(act, person.id, challenge)
    if person.email != challenge.address:
        raise Gone("code", challenge.id)
    if not person.password_sign_in or await act.work.operators.of_person(person.id) is not None:
        raise Conflict("this person has an account, or may not sign in with a password")
    if wanted.name is not None:
        person = replace(person, name=clean_name(wanted.name), updated_at=act.now)
        await act.work.people.replace(person)
    operator = await put_account(act, person, wanted.password_hash, verified=True)
    await act.record("invitation.taken_up", person_id=person.id, detail={"operator": operator.id})
    return person
