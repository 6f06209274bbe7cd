"""Calendars."""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from rekey.domain.calendar import CalendarRule, Consequence, Timing
from rekey.domain.calendar_text import read_timing, write_timing
from rekey.domain.canonical import canonical_json
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import equals
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.repositories.base import NumberedRepository
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import calendar_rules
from rekey.storage.times import instant_of, micros
from rekey.storage.versions import Versions


@lru_cache(maxsize=1024)
def _timing(text: str) -> Timing:
    return read_timing(msgspec.json.decode(text))


def read_rule(row: Row) -> CalendarRule:
    """Read a rule as stored."""
    return CalendarRule(
        id=row.id,
        number=row.number,
        subject=Scope(ScopeKind(row.subject_kind), row.subject_id),
        consequence=Consequence(row.consequence),
        timing=_timing(row.timing),
        name=row.name,
        enabled=row.enabled,
        override=row.overrides,
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write(rule: CalendarRule) -> Values:
    return {
        "id": rule.id,
        "number": rule.number,
        "subject_kind": rule.subject.kind.value,
        "subject_id": rule.subject.id,
        "consequence": rule.consequence.value,
        "name": rule.name,
        "timing": canonical_json(write_timing(rule.timing)).decode(),
        "enabled": rule.enabled,
        "overrides": rule.override,
        "created_at": micros(rule.created_at),
        "updated_at": micros(rule.updated_at),
    }


RULES = Versions(
    calendar_rules,
    read=read_rule,
    write=_write,
    filters={
        "subject_id": equals(calendar_rules.c.subject_id, "subject_id"),
        "subject_kind": equals(calendar_rules.c.subject_kind, "subject_kind"),
        "consequence": equals(calendar_rules.c.consequence, "consequence"),
        "ids": one_of(calendar_rules.c.id, "ids"),
    },
)


class SqlCalendar(NumberedRepository[CalendarRule]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, RULES)

    async def list(
        self,
        part: Part,
        *,
        subject: Scope | None = None,
        consequence: Consequence | None = None,
        ids: Sequence[str] | None = None,
    ) -> Listing[CalendarRule]:
        return await RULES.list(
            self._session, part, ids=ids, **_subject(subject), consequence=_word(consequence)
        )

    async def of(self, subject: Scope, consequence: Consequence | None = None) -> tuple[CalendarRule, ...]:
        return await RULES.all(self._session, **_subject(subject), consequence=_word(consequence))

    async def end(self, rule_id: str) -> None:
        await RULES.end(self._session, rule_id)

    async def end_of(self, subject: Scope) -> int:
        return await RULES.end_where(self._session, subject_kind=subject.kind.value, subject_id=subject.id)


def _subject(subject: Scope | None) -> Values:
    return {} if subject is None else {"subject_kind": subject.kind.value, "subject_id": subject.id}


def _word(consequence: Consequence | None) -> str | None:
    return None if consequence is None else consequence.value
