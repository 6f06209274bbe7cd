"""trust_key, ask_key_code, answer_key_code: which signing keys count as a person's own.

The first key of a person is trusted with the sign-in alone. For a further one, a new phone's, the person
also proves the mailbox: a stolen password must not be enough to sign openings.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from rekey.domain.challenge import Challenge, ChallengePurpose
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.errors import Invalid, SecondFactorNeeded
from rekey.domain.journal import JsonValue
from rekey.domain.people import Person
from rekey.operations.act import Act, operation
from rekey.operations.authority import signed_in
from rekey.operations.challenges import (
    Answer,
    CodeForm,
    NewChallenge,
    insist,
    judge,
    make_challenge,
    make_code,
    newest_challenge,
)
from rekey.operations.find import find_person
from rekey.operations.issue_credential import IssueCredential, put_credential
from rekey.operations.post import Letter, post
from rekey.operations.verified_mail import set_verified

CODE_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustKey:
    """A key for the caller; with `second_factor` a further one has to be proved by a code first."""

    key: IssueCredential
    second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskKeyCode:
    """The letter's `{code}` becomes eight digits that count for five minutes, for this key."""

    key: IssueCredential
    letter: Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerKeyCode:
    """`proves` says whether the answer is the signature of a raw public key over the code's characters."""

    proves: Callable[[bytes, bytes], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAnswer:
    """What became of the answer; the credential only for a right one. `until` is when the code ends."""

    answer: Answer
    credential: Credential | None = None
    until: datetime | None = None

    def insist(self, now: datetime) -> Credential:
        """Give the credential. Raises: WrongCode, NotFound, Gone, TooManyRequests."""
        insist(self.answer, now, self.until)
        if self.credential is None:
            raise TypeError("a right answer made no credential")
        return self.credential


class _Pending(msgspec.Struct, frozen=True):
    """What the sealed part of the challenge holds."""

    code: str
    key: str
    fingerprint: str
    label: str


@operation(None)
async def trust_key(act: Act, wanted: TrustKey) -> Credential:
    """Trust a signing key of the person who is signed in; a key that is trusted already is given back.

    Raises: SecondFactorNeeded for a further key, AlreadyExists (fingerprint), Invalid, PersonLeft.
    """
    act.waive("everybody may enrol a key for himself; it opens nothing without a grant")
    person = await _caller(act, wanted.key)
    known = await act.work.credentials.by_fingerprint(CredentialKind.DEVICE_KEY, wanted.key.fingerprint)
    if known is not None and known.person_id == person.id and known.state is CredentialState.ACTIVE:
        act.work.keep_books()
        return known
    if wanted.second_factor and await act.work.credentials.had(person.id, CredentialKind.DEVICE_KEY):
        raise SecondFactorNeeded("this is a further key: prove it by a code first")
    return await _put(act, wanted.key, "credential.issued")


@operation(None)
async def ask_key_code(act: Act, wanted: AskKeyCode) -> str:
    """Send a code for a further key and give the address it went to; an earlier code counts no more.

    Raises: Invalid (a person without an address), TooManyRequests, NotSignedIn.
    """
    act.waive("everybody may ask for a code to an own mailbox")
    person = await _caller(act, wanted.key)
    address = await _contact(act, person)
    code = make_code(act, CodeForm.DIGITS)
    pending = _Pending(
        code=code,
        key=b64encode(wanted.key.public_part).decode(),
        fingerprint=wanted.key.fingerprint,
        label=wanted.key.label,
    )
    asked = NewChallenge(
        purpose=ChallengePurpose.TRUST_KEY,
        subject_id=person.id,
        address=address,
        form=CodeForm.DIGITS,
        life=CODE_LIFE,
    )
    await make_challenge(act, asked, sealed_part=act.secrets.seal(msgspec.json.encode(pending)), code=code)
    await post(act, address, wanted.letter.with_code(code), until=act.now + CODE_LIFE)
    await act.record("credential.code_asked", person_id=person.id)
    return address


@operation(None)
async def answer_key_code(act: Act, wanted: AnswerKeyCode) -> KeyAnswer:
    """Trust the key that waits, if it signed the code. A wrong answer is a value, and costs a try.

    Raises: AlreadyExists (fingerprint), PersonLeft, NotSignedIn.
    """
    act.waive("the code from the mailbox stands in for it")
    operator, _key = await signed_in(act.work, act.actor, act.now)
    person_id = operator.person_id or ""
    challenge = await newest_challenge(act, ChallengePurpose.TRUST_KEY, person_id)
    pending = None if challenge is None else _open(act, challenge)
    right = pending is not None and wanted.proves(b64decode(pending.key), pending.code.encode())
    answer = await judge(act, challenge, right=right)
    if answer is not Answer.RIGHT or pending is None or challenge is None:
        await act.record(
            "credential.code_refused", person_id=operator.person_id, detail={"why": answer.value}
        )
        return KeyAnswer(answer=answer, until=None if challenge is None else challenge.expires_at)
    person = await find_person(act.work, person_id)
    if person.email == challenge.address:
        await set_verified(act, operator)
    key = IssueCredential(
        person_id=person_id,
        kind=CredentialKind.DEVICE_KEY,
        fingerprint=pending.fingerprint,
        label=pending.label,
        public_part=b64decode(pending.key),
    )
    credential = await _put(act, key, "credential.issued", proved=True)
    return KeyAnswer(answer=answer, credential=credential)


def _open(act: Act, challenge: Challenge) -> _Pending:
    return msgspec.json.decode(act.secrets.unseal(challenge.sealed_part), type=_Pending)


async def _contact(act: Act, person: Person) -> str:
    """Give the own address, or one that an application has verified. Raises: Invalid."""
    if person.email is not None:
        return person.email
    account = await act.work.foreign_accounts.of_person(person.id)
    if account is None or account.email is None or not account.email_verified:
        raise Invalid("method", "can't reach you: your account has no e-mail address that was verified")
    return account.email


async def _caller(act: Act, key: IssueCredential) -> Person:
    operator, _key = await signed_in(act.work, act.actor, act.now)
    if operator.person_id is None or operator.person_id != key.person_id:
        raise Invalid("person_id", "must be the person who is signed in")
    return await find_person(act.work, operator.person_id)


async def _put(act: Act, key: IssueCredential, action: str, *, proved: bool = False) -> Credential:
    credential = await put_credential(act, key)
    detail: dict[str, JsonValue] = {
        "credential": credential.id,
        "kind": credential.kind.value,
        "label": credential.label,
        "proved_by_code": proved,
    }
    await act.record(action, person_id=credential.person_id, detail=detail)
    return credential
