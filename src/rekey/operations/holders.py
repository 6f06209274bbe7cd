"""What goes for every kind of holder: a person, a team or a link."""

from collections.abc import Mapping

from rekey.domain.access import HolderRecord
from rekey.domain.grant import Holder, HolderKind
from rekey.domain.ids import Position
from rekey.operations.act import Act
from rekey.operations.find import find_link, find_person, find_team
from rekey.operations.leavers import refuse_leaver
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.store import View

CHANGES: Mapping[HolderKind, ChangeKind] = {
    HolderKind.PERSON: ChangeKind.PERSON,
    HolderKind.TEAM: ChangeKind.TEAM,
    HolderKind.LINK: ChangeKind.LINK,
}


async def record_of(view: View, holder: Holder, as_of: Position | None = None) -> HolderRecord | None:
    """Give the record of a person or a link; None for one that is gone, and for a team, which opens nothing."""
    if holder.kind is HolderKind.PERSON:
        return await view.access.holder(holder.id, as_of)
    return await view.access.link(holder.id, as_of) if holder.kind is HolderKind.LINK else None


async def record_named(view: View, holder_id: str) -> HolderRecord | None:
    """Give the record of whoever has this id; ids of people and of links are never the same."""
    return await view.access.holder(holder_id) or await view.access.link(holder_id)


async def name_of(view: View, holder: Holder) -> str:
    """Name the person or the link, also after the end; empty for one that was never here."""
    if holder.kind is HolderKind.LINK:
        link = await view.links.last_known(holder.id)
        return "" if link is None else link.name
    person = await view.people.last_known(holder.id)
    return "" if person is None else person.name


async def person_behind(view: View, holder: Holder) -> str | None:
    """Give the person whose leaving ends what this holder has: the person, or whom a link was made for."""
    if holder.kind is HolderKind.PERSON:
        return (await find_person(view, holder.id)).id
    if holder.kind is HolderKind.LINK:
        return (await find_link(view, holder.id)).for_person_id
    await find_team(view, holder.id)
    return None


async def refuse_gone(act: Act, holder: Holder) -> None:
    """Refuse to give anything to a holder who is gone or left. Raises: NotFound, PersonLeft."""
    person_id = await person_behind(act.work, holder)
    if person_id is not None:
        await refuse_leaver(act, person_id)
