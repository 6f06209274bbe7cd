"""Linking a team of the directory to the door group of its name; part of what a directory says of a team."""

from rekey.domain.directory import fold_directory_name
from rekey.domain.grant import Grant, Holder
from rekey.domain.journal import JsonValue
from rekey.domain.people import Team
from rekey.domain.scope import Scope
from rekey.operations.act import Act
from rekey.operations.grant_access import NewGrant, give_within
from rekey.operations.holders import CHANGES
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter

ORIGIN = "directory"


async def link_by_name(act: Act, team: Team, *, renamed: bool = False) -> dict[str, JsonValue]:
    """Give a team that is new or renamed the one door group of its name, if the organization wants that.

    Within an act that records what this says. An older link ends with the name. An operator who ends a link
    ends it for good: nothing but another name links anew, and no link is newer than a revocation of a member.
    """
    if not (await act.work.directory.get()).links_door_groups:
        return {}
    detail: dict[str, JsonValue] = {}
    if renamed:
        detail["unlinked"] = [grant.id for grant in await _end_links(act, team)]
    folded = fold_directory_name(team.name)
    listed = (await act.work.door_groups.list(WHOLE, query=team.name)).items
    named = [group for group in listed if fold_directory_name(group.name) == folded]
    if len(named) > 1:
        return {**detail, "link_refused": "several door groups have this name"}
    if named:
        wanted = NewGrant(holder=Holder.team(team.id), scope=Scope.door_group(named[0].id), origin=ORIGIN)
        given = await give_within(act, (wanted,))
        detail["linked"] = [grant.id for grant in given.grants]
    return detail


async def _end_links(act: Act, team: Team) -> tuple[Grant, ...]:
    held = await act.work.grants.list(WHOLE, GrantFilter(holder=Holder.team(team.id)))
    ending = tuple(grant for grant in held.items if grant.origin == ORIGIN)
    for grant in ending:
        await act.work.grants.end(grant.id, act.now)
        await act.changed(CHANGES[grant.holder.kind], grant.holder.id, grant.scope)
    return ending
