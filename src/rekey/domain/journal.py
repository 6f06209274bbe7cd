"""The one append-only record of acts and passages."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rekey.domain.canonical import canonical_json
from rekey.domain.ids import Position
from rekey.domain.merkle import leaf_hash

JsonValue = str | int | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


class Outcome(StrEnum):
    """What became of what was asked."""

    DONE = "done"
    GRANTED = "granted"
    DENIED = "denied"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """One act or passage: its position, when, who, through what, on whom and where, and the outcome.

    `action` is an event in the past tense such as `person.revoked`. `detail` holds what else a reader
    needs, never a secret.
    """

    position: Position
    id: str
    at: datetime
    action: str
    outcome: Outcome
    via: str
    operator_id: str | None = None
    key_id: str | None = None
    person_id: str | None = None
    door_id: str | None = None
    site_id: str | None = None
    detail: dict[str, JsonValue] = field(default_factory=dict)

    def canonical(self) -> bytes:
        """Give the bytes that the row's leaf is the hash of."""
        return canonical_json(
            {
                "position": self.position,
                "id": self.id,
                "at": self.at.isoformat(),
                "action": self.action,
                "outcome": self.outcome.value,
                "via": self.via,
                "operator": self.operator_id,
                "key": self.key_id,
                "person": self.person_id,
                "door": self.door_id,
                "site": self.site_id,
                "detail": self.detail,
            }
        )

    def leaf(self) -> bytes:
        return leaf_hash(self.canonical())
