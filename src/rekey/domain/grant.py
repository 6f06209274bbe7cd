"""The right of a holder to a part of the estate."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.ids import GrantId, Number, OperatorId, Position
from rekey.domain.role import ROLES, Role
from rekey.domain.schedule import Schedule
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity


class HolderKind(StrEnum):
    """Who can hold a grant."""

    PERSON = "person"
    TEAM = "team"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Holder:
    """The person, team or link that holds a grant."""

    kind: HolderKind
    id: str

    @classmethod
    def person(cls, person_id: str) -> "Holder":
        return cls(HolderKind.PERSON, person_id)

    @classmethod
    def team(cls, team_id: str) -> "Holder":
        return cls(HolderKind.TEAM, team_id)

    @classmethod
    def link(cls, link_id: str) -> "Holder":
        return cls(HolderKind.LINK, link_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Holder, scope, role, validity and schedule; ended, never erased.

    `named_at` is the position of the newest act that gave or widened it. `origin` is free text of the
    wire API that made it, so that the API can show its own grants in its own form.
    """

    id: GrantId
    number: Number
    holder: Holder
    scope: Scope
    role: Role
    validity: Validity = ALWAYS
    schedule: Schedule | None = None
    named_at: Position
    by_automation: bool = False
    made_by: OperatorId | None = None
    origin: str = ""
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None

    def is_widened_by(self, *, role: Role, validity: Validity, schedule: Schedule | None) -> bool:
        """Say whether the new terms allow anything that these do not; a narrowing is no new act."""
        old, new = ROLES[self.role], ROLES[role]
        if new.rank > old.rank or not new.permissions <= old.permissions or (new.passes and not old.passes):
            return True
        if not validity.lies_within(self.validity):
            return True
        if self.schedule is None:
            return False
        return schedule is None or not schedule.lies_within(self.schedule)
