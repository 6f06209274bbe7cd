"""Writing and ending very many things in one act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.grant import Grant
from rekey.domain.ids import PersonId
from rekey.domain.people import Membership, Person
from rekey.ports.repositories.bulk import Taken, Undone
from rekey.storage.conditions import current, equals, in_organization
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.statement import Statement
from rekey.storage.repositories.credentials import CREDENTIALS
from rekey.storage.repositories.grants import GRANTS
from rekey.storage.repositories.people import PEOPLE
from rekey.storage.repositories.teams import MEMBERSHIPS
from rekey.storage.session import Session
from rekey.storage.tables import credentials, grants, memberships, operators, people
from rekey.storage.times import micros

_FIRST, _LAST, _POSITION, _ACT = (
    sa.bindparam(name, type_=sa.BigInteger, required=True) for name in ("first", "last", "position", "act")
)


def _among(column: "sa.ColumnElement[Any]") -> Statement:
    return Statement(
        sa.select(column.label("value")).where(
            in_organization(people), current(people), one_of(column, "values")
        )
    )


_TAKEN = {column.name: _among(column) for column in (people.c.email, people.c.phone, people.c.external_key)}


def _of_the_act(table: sa.Table) -> tuple["sa.ColumnElement[bool]", ...]:
    """Only what stands just as the act wrote it; whatever was changed since has a later version."""
    return (
        in_organization(table),
        current(table),
        table.c.since == _POSITION,
        table.c.number >= _FIRST,
        table.c.number <= _LAST,
    )


def _end(table: sa.Table) -> Statement:
    return Statement(sa.update(table).where(*_of_the_act(table)).values(until=_ACT))


def _relied_on() -> "sa.ColumnElement[bool]":
    """Say whether another act gave the person something that stands."""
    same = people.c.organization_id
    return sa.or_(
        sa.exists().where(
            grants.c.organization_id == same, grants.c.holder_id == people.c.id, current(grants)
        ),
        sa.exists().where(
            memberships.c.organization_id == same,
            memberships.c.person_id == people.c.id,
            current(memberships),
        ),
        sa.exists().where(
            operators.c.organization_id == same,
            operators.c.person_id == people.c.id,
            operators.c.until.is_(None),
        ),
        sa.exists().where(
            credentials.c.organization_id == same,
            credentials.c.person_id == people.c.id,
            credentials.c.ended_at.is_(None),
        ),
    )


_END_MEMBERSHIPS, _END_GRANTS = _end(memberships), _end(grants)
# Asked after the memberships and grants of the act have ended, so what still stands is another's.
_END_PEOPLE = Statement(sa.update(people).where(*_of_the_act(people), ~_relied_on()).values(until=_ACT))
_KEPT = Statement(
    sa.select(people.c.id)
    .where(
        in_organization(people),
        current(people),
        people.c.number >= _FIRST,
        people.c.number <= _LAST,
    )
    .order_by(people.c.number)
)


# Credentials keep no versions: one that its import made still stands so if nobody took or got it since.
_END_CREDENTIALS = Statement(
    sa.update(credentials)
    .where(
        in_organization(credentials),
        credentials.c.number >= _FIRST,
        credentials.c.number <= _LAST,
        sa.or_(
            credentials.c.state == "unassigned",
            sa.and_(credentials.c.state == "active", credentials.c.activated_at == credentials.c.created_at),
        ),
    )
    .values(state="ended", ended_at=sa.bindparam("at", type_=sa.BigInteger, required=True))
)
_TAKEN_FINGERPRINTS = Statement(
    sa.select(credentials.c.fingerprint.label("value")).where(
        in_organization(credentials),
        equals(credentials.c.kind, "kind"),
        one_of(credentials.c.fingerprint, "values"),
        credentials.c.state != "ended",
    )
)
_PEOPLE_WITH = Statement(
    sa.select(people.c.email.label("email"), people.c.id.label("id")).where(
        in_organization(people), current(people), one_of(people.c.email, "values")
    )
)


class SqlBulk:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def taken(
        self, *, emails: Sequence[str], phones: Sequence[str], external_keys: Sequence[str]
    ) -> Taken:
        return Taken(
            emails=await self._taken("email", emails),
            phones=await self._taken("phone", phones),
            external_keys=await self._taken("external_key", external_keys),
        )

    async def add_people(self, added: Sequence[Person]) -> None:
        await PEOPLE.add_many(self._session, added)

    async def add_memberships(self, added: Sequence[Membership]) -> None:
        await MEMBERSHIPS.add_many(self._session, added)

    async def add_grants(self, added: Sequence[Grant]) -> None:
        await GRANTS.add_many(self._session, added)

    async def taken_fingerprints(self, kind: CredentialKind, fingerprints: Sequence[str]) -> frozenset[str]:
        rows = await self._session.fetch(_TAKEN_FINGERPRINTS, kind=kind.value, values=list(fingerprints))
        return frozenset(row.value for row in rows)

    async def people_with(self, emails: Sequence[str]) -> dict[str, PersonId]:
        rows = await self._session.fetch(_PEOPLE_WITH, values=list(emails))
        return {row.email: PersonId(row.id) for row in rows}

    async def add_credentials(self, added: Sequence[Credential]) -> None:
        await CREDENTIALS.add_many(self._session, added)

    async def undo(self, *, first: int, last: int, position: int, at: datetime) -> Undone:
        written = {"first": first, "last": last, "position": position, "act": self._session.carry()}
        memberships_ended = await self._session.change(_END_MEMBERSHIPS, **written)
        grants_ended = await self._session.change(_END_GRANTS, **written)
        credentials_ended = await self._session.change(
            _END_CREDENTIALS, first=first, last=last, at=micros(at)
        )
        people_ended = await self._session.change(_END_PEOPLE, **written)
        kept = await self._session.fetch(_KEPT, first=first, last=last)
        return Undone(
            people=people_ended,
            memberships=memberships_ended,
            grants=grants_ended,
            kept=tuple(row.id for row in kept),
            credentials=credentials_ended,
        )

    async def _taken(self, column: str, values: Sequence[str]) -> frozenset[str]:
        if not values:
            return frozenset()
        rows = await self._session.fetch(_TAKEN[column], values=list(values))
        return frozenset(row.value for row in rows)
