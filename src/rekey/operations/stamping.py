"""Whether an edit changed anything: what stayed as it was keeps its time, and the act's row says so."""

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from rekey.domain.calendar import CalendarRule
from rekey.domain.estate import Door, DoorGroup, Site
from rekey.domain.grant import Grant
from rekey.domain.journal import CHANGED_NOTHING, JsonValue
from rekey.domain.people import Person, Team

T = TypeVar("T", CalendarRule, Door, DoorGroup, Grant, Person, Site, Team)


def stamped(before: T, edited: T, now: datetime) -> T:
    """Give the edited thing with the time of the edit; the thing as it was, if nothing differs."""
    return before if edited == before else replace(edited, updated_at=now)


def unchanged_mark(before: object, after: object) -> dict[str, JsonValue]:
    """Give the member of a row's detail that says that an edit changed nothing; none if it did."""
    return {CHANGED_NOTHING: True} if before == after else {}
