"""introduce_person: an application's token makes its person known here, or tells news of the person."""

from dataclasses import dataclass, replace
from datetime import datetime

from rekey.domain.application import ForeignAccount
from rekey.domain.errors import NotSignedIn
from rekey.domain.ids import ApplicationId
from rekey.domain.operator import Operator
from rekey.domain.people import Person
from rekey.operations.accounts import put_account
from rekey.operations.act import Act, operation
from rekey.operations.add_person import AddPerson, put_person
from rekey.operations.leavers import leaver_block
from rekey.operations.vouched import require_voucher


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroducePerson:
    """What a verified token says; contacts are normalised, and `told_at` is when the token was issued."""

    application_id: str
    subject: str
    told_at: datetime
    name: str | None = None
    email: str | None = None
    email_verified: bool = False
    phone: str | None = None
    phone_verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced:
    person: Person
    operator: Operator
    account: ForeignAccount


@operation(None)
async def introduce_person(act: Act, wanted: IntroducePerson) -> Introduced:
    """Give the application's person with an account, made on first sight and brought up to date by newer tokens.

    The person has no address here of the organization's own people, so nobody is mistaken for somebody else.
    Raises: NotSignedIn for a person who was removed or left, and for a token that is not believed any more.
    """
    act.waive("the application's signature stands in for it; whom it names holds nothing by that")
    voucher = act.actor.voucher
    if voucher is None or voucher.application_id != wanted.application_id:
        raise NotSignedIn("no application vouches for this person")
    await require_voucher(act.work, voucher, act.now)
    known = await act.work.foreign_accounts.by_subject(wanted.application_id, wanted.subject)
    if known is None:
        return await _add(act, wanted)
    return await _bring_up_to_date(act, known, wanted)


async def _add(act: Act, wanted: IntroducePerson) -> Introduced:
    person = await put_person(act, AddPerson(name=_name_of(wanted)))
    operator = await put_account(act, person, verified=wanted.email_verified)
    account = await _told(
        act,
        ForeignAccount(
            id=person.id,
            application_id=ApplicationId(wanted.application_id),
            subject=wanted.subject,
            told_at=wanted.told_at,
            updated_at=act.now,
        ),
        wanted,
    )
    await act.work.foreign_accounts.add(account)
    await act.record(
        "person.introduced",
        person_id=person.id,
        detail={"application": wanted.application_id, "name": person.name, "operator": operator.id},
    )
    return Introduced(person=person, operator=operator, account=account)


async def _bring_up_to_date(act: Act, known: ForeignAccount, wanted: IntroducePerson) -> Introduced:
    person = await act.work.people.get(known.id)
    if person is None or await leaver_block(act, known.id) is not None:
        raise NotSignedIn("this person has no account any more")
    operator = await act.work.operators.of_person(person.id)
    is_news = wanted.told_at > known.told_at
    if operator is not None and not is_news:
        act.work.keep_books()
        return Introduced(person=person, operator=operator, account=known)
    account = await _told(act, known, wanted) if is_news else known
    if operator is not None and _says_the_same(account, known):
        # Only when it was last said is new, which is kept so that an older token never counts as news.
        await act.work.foreign_accounts.replace(account)
        act.work.keep_books()
        return Introduced(person=person, operator=operator, account=account)
    if is_news:
        person = replace(person, name=_name_of(wanted), updated_at=act.now)
        await act.work.people.replace(person)
        await act.work.foreign_accounts.replace(account)
    if operator is None:
        operator = await put_account(act, person, verified=account.email_verified)
    elif operator.email_verified is not account.email_verified:
        operator = replace(operator, email_verified=account.email_verified)
        await act.work.operators.replace(operator)
    await act.record(
        "person.introduced",
        person_id=person.id,
        detail={"application": wanted.application_id, "name": person.name, "operator": operator.id},
    )
    return Introduced(person=person, operator=operator, account=account)


async def _told(act: Act, account: ForeignAccount, wanted: IntroducePerson) -> ForeignAccount:
    """Give the account as the token tells it, with the contacts that are its own to be found by."""
    found = act.work.foreign_accounts
    email, phone = wanted.email, wanted.phone
    by_email = None if email is None else await found.by_email(account.application_id, email)
    by_phone = None if phone is None else await found.by_phone(account.application_id, phone)
    return replace(
        account,
        name=wanted.name,
        email=email,
        email_verified=email is not None and wanted.email_verified,
        email_listed=email is not None and wanted.email_verified and _is_own(by_email, account),
        phone=phone,
        phone_verified=phone is not None and wanted.phone_verified,
        phone_listed=phone is not None and wanted.phone_verified and _is_own(by_phone, account),
        told_at=wanted.told_at,
        updated_at=act.now,
    )


def _says_the_same(account: ForeignAccount, known: ForeignAccount) -> bool:
    return replace(account, told_at=known.told_at, updated_at=known.updated_at) == known


def _is_own(found: ForeignAccount | None, account: ForeignAccount) -> bool:
    return found is None or found.id == account.id


def _name_of(wanted: IntroducePerson) -> str:
    return (wanted.name or wanted.email or wanted.phone or wanted.subject)[:200]
