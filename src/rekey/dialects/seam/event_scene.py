"""One row of the journal with what it names, as things were at the row's position."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from rekey.domain.door_order import DoorOrder
from rekey.domain.estate import Door
from rekey.domain.ids import Position
from rekey.domain.journal import JournalRow, JsonValue
from rekey.ports.listing import Part
from rekey.ports.store import View

Fields = Mapping[str, object]
Reveal = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Draft:
    """One event before it has its id: its type, what it carries, and whose it is for filters alone."""

    type: str
    fields: Fields
    about: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What the makers of events look at. Members that are unknown are left out of an event."""

    view: View
    row: JournalRow
    reveal: Reveal

    async def digits(self, code_id: str, position: int | None = None) -> str:
        """Give the PIN that a code had after the act at the position, the row's own by default; empty if unknown."""
        at = self.row.position if position is None else position
        sealed = await self.view.door_codes.former(code_id, at)
        if sealed is None:
            credential = await self.view.credentials.get(code_id)
            sealed = b"" if credential is None else credential.sealed_part
        return self.reveal(sealed).decode() if sealed else ""

    @property
    def workspace_id(self) -> str:
        return self.view.organization_id

    def text(self, name: str) -> str | None:
        """Give a text of the row's detail."""
        value = self.row.detail.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of texts of the row's detail; other members are passed over."""
        value = self.row.detail.get(name)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def lines(self, name: str) -> tuple[Mapping[str, JsonValue], ...]:
        """Give a list of objects of the row's detail."""
        value = self.row.detail.get(name)
        return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()

    async def door(self, door_id: str | None = None) -> Door | None:
        """Give a door as it was, by default the row's own."""
        named = door_id or self.row.door_id
        return None if named is None else await self.view.history.door(named, self.row.position)

    async def door_before(self) -> Door | None:
        """Give the row's door as it was before the act."""
        before = Position(self.row.position - 1)
        return None if self.row.door_id is None else await self.view.history.door(self.row.door_id, before)

    async def order(self) -> DoorOrder | None:
        named = self.text("order")
        return None if named is None else await self.view.orders.get(named)

    async def device(self, door: Door) -> Fields:
        """Give the ids that every event about a device carries."""
        return {"device_id": door.id, "connected_account_id": account_of(door, self.workspace_id)}

    async def passage(self, door: Door) -> Fields:
        """Give the ids of an event about somebody at a door."""
        fields: dict[str, object] = {
            **await self.device(door),
            "acs_entrance_id": door.id,
            "acs_system_id": door.site_id,
        }
        person_id = self.row.person_id
        if person_id is not None:
            if await self._is_known(person_id):
                fields["user_identity_id"] = person_id
            enrolment = await self.view.enrolments.at(person_id, door.site_id)
            if enrolment is not None:
                fields["acs_user_id"] = enrolment.id
        return fields

    async def _is_known(self, person_id: str) -> bool:
        """Say whether the row's person is a user identity, and not a user alone."""
        person = await self.view.people.last_known(person_id)
        return person is None or person.parted_by is None

    async def systems(self, site_id: str | None) -> AsyncIterator[str]:
        """Give the one system, or without one the first: what is of the whole organization is shown there."""
        if site_id is not None:
            yield site_id
            return
        for site in (await self.view.sites.list(Part(limit=1))).items:
            yield site.id


def account_of(door: Door, workspace_id: str) -> str:
    """Name the account that brought a door; a door of this server's own drivers is of the workspace itself."""
    return door.upstream_id or workspace_id
