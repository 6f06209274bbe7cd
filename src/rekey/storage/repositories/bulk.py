"""Writing and ending very many things in one act."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar

import sqlalchemy as sa

from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.grant import Grant
from rekey.domain.ids import PersonId
from rekey.domain.people import Membership, Person
from rekey.ports.repositories.bulk import Prepared, Taken, Undone
from rekey.storage.conditions import current, equals, in_organization
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.statement import Statement
from rekey.storage.repositories.credentials import CREDENTIALS
from rekey.storage.repositories.grants import GRANTS
from rekey.storage.repositories.people import PEOPLE
from rekey.storage.repositories.teams import MEMBERSHIPS
from rekey.storage.rows import Rows
from rekey.storage.session import Session
from rekey.storage.tables import (
    blocks,
    credentials,
    grants,
    memberships,
    merged_people,
    operators,
    people,
    revocations,
)
from rekey.storage.times import micros

T = TypeVar("T")

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
_CHANGED_SINCE = Statement(
    sa.select(people.c.id.label("value"))
    .distinct()
    .where(
        in_organization(people),
        one_of(people.c.id, "values"),
        sa.or_(people.c.since > _POSITION, people.c.until > _POSITION),
    )
)
_REVOKED_SINCE = Statement(
    sa.select(revocations.c.person_id.label("value"))
    .distinct()
    .where(in_organization(revocations), revocations.c.position > _POSITION)
)
# Anything of these needs a closer look; a former holder of an address may be renamed and still be here.
_DENIED_ADDRESSES = Statement(
    sa.select(people.c.email.label("value"))
    .distinct()
    .where(
        in_organization(people),
        one_of(people.c.email, "values"),
        people.c.until.is_not(None),
        sa.or_(
            sa.exists().where(
                revocations.c.organization_id == people.c.organization_id,
                revocations.c.person_id == people.c.id,
                revocations.c.by_automation.is_(False),
            ),
            sa.exists().where(
                blocks.c.organization_id == people.c.organization_id,
                blocks.c.subject_id == people.c.id,
                current(blocks),
                blocks.c.by_automation.is_(False),
            ),
            sa.exists().where(
                merged_people.c.organization_id == people.c.organization_id,
                merged_people.c.id == people.c.id,
            ),
        ),
    )
)
# Written out, so that it is the same condition as that of the index.
_RANKS = sa.text("grants.until IS NULL AND grants.role <> 'basic'")
_RANKED = in_organization(grants)
_OF_RANK = Statement(
    sa.union(
        sa.select(grants.c.holder_id.label("value")).where(_RANKED, _RANKS),
        sa.select(memberships.c.person_id.label("value")).where(
            in_organization(memberships),
            current(memberships),
            memberships.c.team_id.in_(sa.select(grants.c.holder_id).where(_RANKED, _RANKS)),
        ),
    )
)
_KEPT_BY: Mapping[str, Rows[Any]] = {
    rows.table.name: rows for rows in (PEOPLE, MEMBERSHIPS, GRANTS, CREDENTIALS)
}


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

    def prepare_people(self, people: Sequence[Person]) -> Prepared:
        return self._prepare(PEOPLE, people)

    def prepare_memberships(self, memberships: Sequence[Membership]) -> Prepared:
        return self._prepare(MEMBERSHIPS, memberships)

    def prepare_grants(self, grants: Sequence[Grant]) -> Prepared:
        return self._prepare(GRANTS, grants)

    def prepare_credentials(self, credentials: Sequence[Credential]) -> Prepared:
        return self._prepare(CREDENTIALS, credentials)

    async def write(self, prepared: Iterable[Prepared], *, first: int) -> None:
        position = self._session.carry()
        together: dict[str, list[Any]] = {}
        for ready in prepared:
            together.setdefault(ready.kind, []).extend(ready.rows)
        for kind, several in together.items():
            rows = _KEPT_BY[kind]
            filled = _filled(rows.table, several, first=first, position=position)
            await self._session.connection.execute_rows(rows.insert, filled)

    async def denied_addresses(self, emails: Sequence[str]) -> frozenset[str]:
        return await self._values(_DENIED_ADDRESSES, emails)

    async def touched_since(self, person_ids: Sequence[str], position: int) -> frozenset[str]:
        changed = await self._values(_CHANGED_SINCE, person_ids, position=position)
        revoked = await self._session.fetch(_REVOKED_SINCE, position=position)
        return changed | {row.value for row in revoked}.intersection(person_ids)

    async def of_rank(self) -> frozenset[str]:
        direct = await self._session.fetch(_OF_RANK)
        return frozenset(row.value for row in direct)

    async def taken_fingerprints(self, kind: CredentialKind, fingerprints: Sequence[str]) -> frozenset[str]:
        return await self._values(_TAKEN_FINGERPRINTS, fingerprints, kind=kind.value)

    async def people_with(self, emails: Sequence[str]) -> dict[str, PersonId]:
        rows = await self._session.fetch(_PEOPLE_WITH, values=list(emails))
        return {row.email: PersonId(row.id) for row in rows}

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

    def _prepare(self, rows: Rows[T], values: Sequence[T]) -> Prepared:
        columns = [column.name for column in rows.table.columns]
        whole = {"organization_id": self._session.organization_id, "since": None, "until": None}
        pick = itemgetter(*columns)
        return Prepared(rows.table.name, [pick(whole | rows.write(value)) for value in values])

    async def _values(self, statement: Statement, values: Sequence[str], **params: Any) -> frozenset[str]:
        if not values:
            return frozenset()
        rows = await self._session.fetch(statement, values=list(values), **params)
        return frozenset(row.value for row in rows)

    async def _taken(self, column: str, values: Sequence[str]) -> frozenset[str]:
        return await self._values(_TAKEN[column], values)


def _filled(table: sa.Table, rows: Sequence[Sequence[Any]], *, first: int, position: int) -> list[list[Any]]:
    """Put into rows what only the act knows."""
    columns = [column.name for column in table.columns]
    number = columns.index("number")
    placed = [columns.index(name) for name in ("since", "named_at") if name in columns]
    filled = [list(row) for row in rows]
    for row in filled:
        row[number] += first
        for place in placed:
            row[place] = position
    return filled
