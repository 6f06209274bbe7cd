"""Challenges."""

from datetime import datetime

import sqlalchemy as sa

from rekey.domain.challenge import Challenge, ChallengePurpose
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.accounts import challenges
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none


def _read(row: Row) -> Challenge:
    return Challenge(
        id=row.id,
        purpose=ChallengePurpose(row.purpose),
        subject_id=row.subject_id,
        address=row.address,
        fingerprint=row.fingerprint,
        sealed_part=row.sealed_part,
        tries_left=row.tries_left,
        created_at=instant_of(row.created_at),
        expires_at=instant_of(row.expires_at),
        spent_at=instant_or_none(row.spent_at),
    )


def _write(challenge: Challenge) -> Values:
    return {
        "id": challenge.id,
        "purpose": challenge.purpose.value,
        "subject_id": challenge.subject_id,
        "address": challenge.address,
        "fingerprint": challenge.fingerprint,
        "sealed_part": challenge.sealed_part,
        "tries_left": challenge.tries_left,
        "created_at": micros(challenge.created_at),
        "expires_at": micros(challenge.expires_at),
        "spent_at": micros_or_none(challenge.spent_at),
    }


CHALLENGES = Rows(challenges, read=_read, write=_write, order="created_at")
_NEWEST = (challenges.c.created_at.desc(), challenges.c.id.desc())
BY_CODE = Statement(
    sa.select(challenges)
    .where(
        in_organization(challenges),
        equals(challenges.c.fingerprint, "fingerprint"),
        equals(challenges.c.purpose, "purpose"),
    )
    .order_by(*_NEWEST)
    .limit(1)
)
MADE_SINCE = Statement(
    sa.select(challenges)
    .where(
        in_organization(challenges),
        equals(challenges.c.subject_id, "subject_id"),
        challenges.c.created_at > sa.bindparam("since", type_=sa.BigInteger, required=True),
        equals(challenges.c.purpose, "purpose"),
    )
    .order_by(*_NEWEST)
)
_FORGET = Statement(
    sa.delete(challenges).where(
        in_organization(challenges),
        challenges.c.expires_at < sa.bindparam("before", type_=sa.BigInteger, required=True),
    )
)


class SqlChallenges:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, challenge: Challenge) -> None:
        await CHALLENGES.add(self._session, challenge)

    async def replace(self, challenge: Challenge) -> None:
        await CHALLENGES.replace(self._session, challenge)

    async def by_code(self, purpose: ChallengePurpose, fingerprint: str) -> Challenge | None:
        row = await self._session.fetch_one(BY_CODE, purpose=purpose.value, fingerprint=fingerprint)
        return None if row is None else _read(row)

    async def made_since(
        self, purpose: ChallengePurpose, subject_id: str, since: datetime
    ) -> tuple[Challenge, ...]:
        rows = await self._session.fetch(
            MADE_SINCE, purpose=purpose.value, subject_id=subject_id, since=micros(since)
        )
        return tuple(map(_read, rows))

    async def forget_before(self, instant: datetime) -> int:
        return await self._session.change(_FORGET, before=micros(instant))
