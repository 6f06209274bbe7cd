"""A thing counts as changed when what is kept beside it changes: its annotation, or a block on it."""

from dataclasses import replace

from rekey.domain.scope import ScopeKind
from rekey.operations.act import Act


async def touch_person(act: Act, person_id: str) -> None:
    """Give a person the time of this act; nothing for one who is unknown."""
    person = await act.work.people.get(person_id)
    if person is not None:
        await act.work.people.replace(replace(person, updated_at=act.now))


async def touch_place(act: Act, kind: ScopeKind, thing_id: str) -> None:
    """Give a site, a door or a door group the time of this act; an organization keeps none."""
    if kind is ScopeKind.SITE and (site := await act.work.sites.get(thing_id)) is not None:
        await act.work.sites.replace(replace(site, updated_at=act.now))
    if kind is ScopeKind.DOOR and (door := await act.work.doors.get(thing_id)) is not None:
        await act.work.doors.replace(replace(door, updated_at=act.now))
    if kind is ScopeKind.DOOR_GROUP and (group := await act.work.door_groups.get(thing_id)) is not None:
        await act.work.door_groups.replace(replace(group, updated_at=act.now))


async def touch_grant(act: Act, grant_id: str) -> None:
    """Give a grant the time of this act; nothing for one that has ended."""
    grant = await act.work.grants.get(grant_id)
    if grant is not None:
        await act.work.grants.replace(replace(grant, updated_at=act.now))
