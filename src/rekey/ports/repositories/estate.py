"""Organizations, sites, doors, door groups, schedules."""

from typing import Protocol

from rekey.domain.estate import Door, DoorGroup, DoorGroupDoor, DoorKind, Organization, SignInRules, Site
from rekey.domain.schedule import Schedule
from rekey.ports.listing import Listing, Part


class OrganizationRepository(Protocol):
    """The organization of the view."""

    async def add(self, organization: Organization) -> None:
        """Found it. Raises: AlreadyExists for a domain that is taken."""
        ...

    async def get(self) -> Organization: ...

    async def rename(self, name: str) -> None: ...

    async def set_sign_in(self, rules: SignInRules) -> None: ...


class SiteRepository(Protocol):
    async def add(self, site: Site) -> None: ...

    async def get(self, site_id: str) -> Site | None: ...

    async def by_number(self, number: int) -> Site | None: ...

    async def list(self, part: Part, *, query: str | None = None) -> Listing[Site]:
        """List sites; `query` is a case-insensitive part of the name."""
        ...

    async def replace(self, site: Site) -> None: ...

    async def end(self, site_id: str) -> None: ...


class DoorRepository(Protocol):
    async def add(self, door: Door) -> None: ...

    async def get(self, door_id: str) -> Door | None: ...

    async def by_number(self, number: int) -> Door | None: ...

    async def has_ended(self, door_id: str) -> bool: ...

    async def list(
        self,
        part: Part,
        *,
        site_id: str | None = None,
        ids: list[str] | None = None,
        upstream_ids: list[str] | None = None,
        query: str | None = None,
        kind: DoorKind | None = None,
    ) -> Listing[Door]: ...

    async def replace(self, door: Door) -> None: ...

    async def end(self, door_id: str) -> None: ...


class DoorGroupRepository(Protocol):
    async def add(self, group: DoorGroup) -> None: ...

    async def get(self, door_group_id: str) -> DoorGroup | None: ...

    async def by_external_key(self, key: str) -> DoorGroup | None: ...

    async def by_number(self, number: int) -> DoorGroup | None: ...

    async def list(
        self,
        part: Part,
        *,
        site_id: str | None = None,
        door_id: str | None = None,
        ids: list[str] | None = None,
        query: str | None = None,
        origin: str | None = None,
        customer_key: str | None = None,
    ) -> Listing[DoorGroup]: ...

    async def replace(self, group: DoorGroup) -> None: ...

    async def end(self, door_group_id: str) -> None:
        """End the group and every door's place in it."""
        ...

    async def add_door(self, place: DoorGroupDoor) -> None:
        """Put a door in. Raises: AlreadyExists if it is in already."""
        ...

    async def remove_door(self, door_group_id: str, door_id: str) -> bool:
        """Take a door out; False if it was not in."""
        ...

    async def place(self, door_group_id: str, door_id: str) -> DoorGroupDoor | None: ...

    async def place_by_number(self, number: int) -> DoorGroupDoor | None: ...

    async def places(
        self, part: Part, *, door_group_id: str, door_id: str | None = None
    ) -> Listing[DoorGroupDoor]: ...


class ScheduleRepository(Protocol):
    async def add(self, schedule: Schedule) -> None: ...

    async def get(self, schedule_id: str) -> Schedule | None: ...

    async def list(self, part: Part) -> Listing[Schedule]: ...

    async def replace(self, schedule: Schedule) -> None: ...
