"""register_operator: somebody makes an account."""

from dataclasses import dataclass, replace

from rekey.domain.challenge import ChallengePurpose
from rekey.domain.errors import AlreadyExists, Conflict
from rekey.domain.journal import JsonValue
from rekey.domain.operator import Operator
from rekey.domain.people import Person
from rekey.operations.accounts import put_account
from rekey.operations.act import Act, operation
from rekey.operations.add_person import AddPerson, put_person
from rekey.operations.issue_credential import IssueCredential, put_credential
from rekey.operations.open_session import NewSession, Session, put_session
from rekey.operations.post import Letter
from rekey.operations.texts import clean_email
from rekey.operations.verified_mail import send_email_code


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOperator:
    """An account for somebody new; `credential` is a first key, whose `person_id` is filled in.

    The `letter` asks the mailbox for a proof; without one nothing is sent. With `claims` an address that was
    invited is registered all the same, and becomes the account's own once the mailbox is proved.
    """

    name: str
    email: str
    password_hash: str | None
    keys: NewSession | None = None
    credential: IssueCredential | None = None
    letter: Letter | None = None
    claims: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    person: Person
    operator: Operator
    session: Session | None


@operation(None)
async def register_operator(act: Act, wanted: RegisterOperator) -> Registered:
    """Make a person and an account; it opens nothing until somebody grants access.

    An address that has an account is refused. So is one that was invited, without `claims`: and with it the
    account stands for somebody new until the mailbox is proved, or anybody could take over a stranger's access.
    Raises: AlreadyExists (email, fingerprint), Conflict (an invitation waits), TooManyRequests, Invalid.
    """
    act.waive("an account without access is open to everybody who may reach the server")
    email = clean_email(wanted.email)
    claims = email is not None and await _is_invited(act, email, wanted)
    person = await put_person(act, AddPerson(name=wanted.name, email=None if claims else email))
    operator = await put_account(act, person, wanted.password_hash)
    session = None if wanted.keys is None else await put_session(act, operator, wanted.keys)
    detail: dict[str, JsonValue] = {"operator": operator.id, "claims_invitation": claims}
    if wanted.credential is not None:
        credential = await put_credential(act, replace(wanted.credential, person_id=person.id))
        detail["credential"] = credential.id
    if wanted.letter is not None and email is not None:
        purpose = ChallengePurpose.CLAIM_INVITATION if claims else ChallengePurpose.VERIFY_EMAIL
        await send_email_code(act, operator, email, wanted.letter, purpose=purpose)
    await act.record("operator.registered", person_id=person.id, detail=detail)
    return Registered(person=person, operator=operator, session=session)


async def _is_invited(act: Act, email: str, wanted: RegisterOperator) -> bool:
    """Say whether this account will have to claim the address. Raises: AlreadyExists, Conflict."""
    known = await act.work.people.by_email(email)
    if known is None:
        return False
    if await act.work.operators.of_person(known.id) is not None or known.is_guest:
        raise AlreadyExists("person", "email")
    if not wanted.claims:
        raise Conflict("this address was invited: register with force, then prove the mailbox")
    if wanted.letter is None:
        raise Conflict("this address was invited, and this server sends no mail by which to prove it")
    return True
