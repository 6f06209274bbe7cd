"""verify_email, ask_email_code: that an account's mailbox is its owner's."""

from dataclasses import dataclass, replace
from datetime import timedelta

from rekey.domain.challenge import ChallengePurpose
from rekey.domain.errors import Invalid, NotFound
from rekey.domain.operator import Operator
from rekey.domain.people import Person
from rekey.operations.act import Act, operation
from rekey.operations.authority import signed_in
from rekey.operations.challenges import CodeForm, NewChallenge, make_challenge, take_token
from rekey.operations.claim_invitation import claim, claimed_address
from rekey.operations.find import find_person
from rekey.operations.post import Letter, post

CODE_LIFE = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyEmail:
    """The token from the mailbox."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskEmailCode:
    """The letter's `{code}` becomes a token that counts for two days."""

    letter: Letter


@operation(None)
async def verify_email(act: Act, wanted: VerifyEmail) -> Person:
    """Take the mailbox as proved; of an account that claims an invitation, the invitation becomes its own.

    Raises: NotFound, Gone (the token), Conflict (the invitation was claimed by somebody else).
    """
    act.waive("the token from the mailbox stands in for it")
    try:
        challenge = await take_token(act, ChallengePurpose.VERIFY_EMAIL, wanted.token)
    except NotFound:
        return await claim(act, await take_token(act, ChallengePurpose.CLAIM_INVITATION, wanted.token))
    operator = await act.work.operators.get(challenge.subject_id)
    if operator is None or operator.person_id is None:
        raise NotFound("code", "")
    person = await find_person(act.work, operator.person_id)
    if person.email != challenge.address:
        raise NotFound("code", "")
    await set_verified(act, operator)
    await act.record("email.verified", person_id=person.id, detail={"operator": operator.id})
    return person


@operation(None)
async def ask_email_code(act: Act, wanted: AskEmailCode) -> bool:
    """Send the caller's own mailbox a new token; say whether there was anything left to prove.

    Raises: NotSignedIn, Invalid (an account without an address), TooManyRequests.
    """
    act.waive("everybody may prove an own mailbox")
    operator, _key = await signed_in(act.work, act.actor, act.now)
    if operator.person_id is None:
        raise Invalid("email", "is missing: this account is nobody's")
    person = await find_person(act.work, operator.person_id)
    if operator.email_verified:
        act.work.keep_books()
        return False
    claimed = await claimed_address(act.work, operator.id)
    address = person.email or claimed
    if address is None:
        raise Invalid("email", "is missing: ask an administrator to enter one")
    purpose = ChallengePurpose.VERIFY_EMAIL if person.email else ChallengePurpose.CLAIM_INVITATION
    await send_email_code(act, operator, address, wanted.letter, purpose=purpose)
    await act.record("email.code_asked", person_id=person.id, detail={"operator": operator.id})
    return True


async def send_email_code(
    act: Act,
    operator: Operator,
    address: str,
    letter: Letter,
    *,
    purpose: ChallengePurpose = ChallengePurpose.VERIFY_EMAIL,
) -> None:
    """Make a token for the mailbox and queue the letter, within an act that records it. Raises: TooManyRequests."""
    asked = NewChallenge(
        purpose=purpose,
        subject_id=operator.id,
        address=address,
        form=CodeForm.TOKEN,
        life=CODE_LIFE,
    )
    token = await make_challenge(act, asked)
    await post(act, address, letter.with_code(token), until=act.now + CODE_LIFE)


async def set_verified(act: Act, operator: Operator) -> Operator:
    """Note within an act that the operator's mailbox is proved."""
    if operator.email_verified:
        return operator
    verified = replace(operator, email_verified=True)
    await act.work.operators.replace(verified)
    return verified
