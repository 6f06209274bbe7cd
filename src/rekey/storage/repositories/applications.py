"""Applications that sign their own users in, and the accounts by which they name people."""

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from rekey.domain.application import Application, ApplicationKey, ForeignAccount, UrlKind, origin_of
from rekey.domain.errors import AlreadyExists
from rekey.domain.ids import PersonId
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.applications import application_urls, applications, foreign_accounts
from rekey.storage.times import instant_of, micros


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _read_keys(text: str) -> tuple[ApplicationKey, ...]:
    listed: list[dict[str, Any]] = msgspec.json.decode(text)
    return tuple(ApplicationKey(kid=jwk["kid"], jwk=jwk) for jwk in listed)


def _read(row: Row) -> Application:
    return Application(
        id=row.id,
        number=row.number,
        name=row.name,
        owners=tuple(msgspec.json.decode(row.owners)),
        issuers=tuple(msgspec.json.decode(row.issuers)),
        origins=tuple(msgspec.json.decode(row.origins)),
        keys=_read_keys(row.keys),
        suspended=row.suspended,
        profile=msgspec.json.decode(row.profile),
        identity_public=row.identity_public,
        identity_sealed=row.identity_sealed,
        return_urls=tuple(msgspec.json.decode(row.return_urls)),
        secret_fingerprint=row.secret_fingerprint,
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write(application: Application) -> Values:
    return {
        "id": application.id,
        "number": application.number,
        "name": application.name,
        "owners": _json(application.owners),
        "issuers": _json(application.issuers),
        "origins": _json(application.origins),
        "keys": _json([key.jwk for key in application.keys]),
        "suspended": application.suspended,
        "profile": _json(application.profile),
        "identity_public": application.identity_public,
        "identity_sealed": application.identity_sealed,
        "return_urls": _json(application.return_urls),
        "secret_fingerprint": application.secret_fingerprint,
        "created_at": micros(application.created_at),
        "updated_at": micros(application.updated_at),
    }


# Written out, not bound, so that every statement says it in the same words.
_STANDING = sa.text("applications.ended_at IS NULL")
APPLICATIONS = Rows(applications, read=_read, write=_write, alive=_STANDING)
_TAKEN = Statement(
    sa.select(application_urls.c.application_id).where(
        equals(application_urls.c.url, "url"),
        application_urls.c.kind == sa.literal_column("'issuer'"),
        application_urls.c.organization_id != sa.bindparam("organization", type_=sa.Text, required=True),
    )
)
_TAKEN_HERE = Statement(
    sa.select(application_urls.c.application_id).where(
        in_organization(application_urls),
        equals(application_urls.c.url, "url"),
        application_urls.c.kind == sa.literal_column("'issuer'"),
        application_urls.c.application_id != sa.bindparam("application", type_=sa.Text, required=True),
    )
)
_PUT_URL = Statement(sa.insert(application_urls))
_DROP_URLS = Statement(
    sa.delete(application_urls).where(
        in_organization(application_urls), equals(application_urls.c.application_id, "application")
    )
)


class SqlApplications:
    """The URLs are kept twice: in the row, and apart, where they are looked up before anything is known.

    Of an origin the second place holds the form that browsers send.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, application: Application) -> None:
        await APPLICATIONS.add(self._session, application, ended_at=None)
        await self._put_urls(application)

    async def get(self, application_id: str) -> Application | None:
        return await APPLICATIONS.get(self._session, application_id)

    async def list(self, part: Part) -> Listing[Application]:
        return await APPLICATIONS.list(self._session, part)

    async def replace(self, application: Application) -> None:
        await APPLICATIONS.replace(self._session, application)
        await self._session.change(_DROP_URLS, application=application.id)
        await self._put_urls(application)

    async def end(self, application_id: str, at: datetime) -> bool:
        await self._session.change(_DROP_URLS, application=application_id)
        return await APPLICATIONS.set(self._session, application_id, ended_at=micros(at))

    async def _put_urls(self, application: Application) -> None:
        # Two acts on two organizations can still race for an issuer; then the unique index decides.
        for url in application.issuers:
            here = await self._session.fetch_one(_TAKEN_HERE, url=url, application=application.id)
            if here or await self._session.fetch_one(_TAKEN, url=url):
                raise AlreadyExists("application", "issuer")
            await self._put_url(application.id, UrlKind.ISSUER, url)
        for origin in sorted({origin_of(url) for url in application.origins}):
            await self._put_url(application.id, UrlKind.ORIGIN, origin)

    async def _put_url(self, application_id: str, kind: UrlKind, url: str) -> None:
        await self._session.insert(_PUT_URL, kind=kind.value, url=url, application_id=application_id)


def _read_account(row: Row) -> ForeignAccount:
    return ForeignAccount(
        id=PersonId(row.id),
        application_id=row.application_id,
        subject=row.subject,
        name=row.name,
        email=row.email,
        email_verified=row.email_verified,
        email_listed=row.email_listed,
        phone=row.phone,
        phone_verified=row.phone_verified,
        phone_listed=row.phone_listed,
        told_at=instant_of(row.told_at),
        updated_at=instant_of(row.updated_at),
    )


def _write_account(account: ForeignAccount) -> Values:
    return {
        "id": account.id,
        "application_id": account.application_id,
        "subject": account.subject,
        "name": account.name,
        "email": account.email,
        "email_verified": account.email_verified,
        "email_listed": account.email_listed,
        "phone": account.phone,
        "phone_verified": account.phone_verified,
        "phone_listed": account.phone_listed,
        "told_at": micros(account.told_at),
        "updated_at": micros(account.updated_at),
    }


FOREIGN_ACCOUNTS = Rows(
    foreign_accounts,
    read=_read_account,
    write=_write_account,
    unique=(("application_id", "subject"),),
    filters={"ids": one_of(foreign_accounts.c.id, "ids")},
    order="id",
)
_OF_APPLICATION = (
    in_organization(foreign_accounts),
    equals(foreign_accounts.c.application_id, "application"),
)
BY_EMAIL = Statement(
    sa.select(foreign_accounts).where(
        *_OF_APPLICATION, equals(foreign_accounts.c.email, "email"), sa.text("email_listed")
    )
)
BY_PHONE = Statement(
    sa.select(foreign_accounts).where(
        *_OF_APPLICATION, equals(foreign_accounts.c.phone, "phone"), sa.text("phone_listed")
    )
)
PAGE = Statement(
    sa.select(foreign_accounts)
    .where(*_OF_APPLICATION, foreign_accounts.c.id > sa.bindparam("past", type_=sa.Text, required=True))
    .order_by(foreign_accounts.c.id)
    .limit(sa.bindparam("part_limit", type_=sa.BigInteger, required=True))
)


class SqlForeignAccounts:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, account: ForeignAccount) -> None:
        await FOREIGN_ACCOUNTS.add(self._session, account)

    async def replace(self, account: ForeignAccount) -> None:
        await FOREIGN_ACCOUNTS.replace(self._session, account)

    async def of_person(self, person_id: str) -> ForeignAccount | None:
        return await FOREIGN_ACCOUNTS.get(self._session, person_id)

    async def of_people(self, person_ids: tuple[str, ...]) -> tuple[ForeignAccount, ...]:
        return await FOREIGN_ACCOUNTS.all(self._session, ids=list(person_ids))

    async def by_subject(self, application_id: str, subject: str) -> ForeignAccount | None:
        return await FOREIGN_ACCOUNTS.find(self._session, application_id=application_id, subject=subject)

    async def by_email(self, application_id: str, email: str) -> ForeignAccount | None:
        return self._one(await self._session.fetch_one(BY_EMAIL, application=application_id, email=email))

    async def by_phone(self, application_id: str, phone: str) -> ForeignAccount | None:
        return self._one(await self._session.fetch_one(BY_PHONE, application=application_id, phone=phone))

    async def page(self, application_id: str, *, after: str, limit: int) -> tuple[ForeignAccount, ...]:
        rows = await self._session.fetch(PAGE, application=application_id, past=after, part_limit=limit)
        return tuple(map(_read_account, rows))

    def _one(self, row: Row | None) -> ForeignAccount | None:
        return None if row is None else _read_account(row)
