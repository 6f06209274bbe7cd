"""The one append-only record of acts and passages."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from rekey.domain.canonical import canonical_json
from rekey.domain.ids import Position
from rekey.domain.merkle import leaf_hash

JsonValue = str | int | bool | None | list["JsonValue"] | dict[str, "JsonValue"]

# Under this name a row's detail lists what else its act did.
FURTHER_PARTS = "also"
# With this member a row says that what was asked for stood already.
CHANGED_NOTHING = "unchanged"


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

    @property
    def changed_nothing(self) -> bool:
        return self.detail.get(CHANGED_NOTHING) is True

    @property
    def has_parts(self) -> bool:
        return bool(self.detail.get(FURTHER_PARTS))

    def parts(self) -> "tuple[JournalRow, ...]":
        """Give the row as one for each thing that its act did; the first is the row itself, less the others."""
        further = self.detail.get(FURTHER_PARTS)
        if not isinstance(further, list) or not further:
            return (self,)
        own = {name: value for name, value in self.detail.items() if name != FURTHER_PARTS}
        return (replace(self, detail=own), *(self._part(line) for line in further if isinstance(line, dict)))

    def _part(self, line: "dict[str, JsonValue]") -> "JournalRow":
        detail = line.get("detail")
        return replace(
            self,
            action=str(line["action"]),
            person_id=_text_or_none(line.get("person")),
            door_id=_text_or_none(line.get("door")),
            site_id=_text_or_none(line.get("site")),
            detail=detail if isinstance(detail, dict) else {},
        )

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


def _text_or_none(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None
