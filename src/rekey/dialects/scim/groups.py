"""Groups, which are the teams of the core. Source: contract sections 2 and 4.2."""

from collections.abc import Mapping

from rekey.dialects.scim.filter_match import Matches, equalities, mentioned
from rekey.dialects.scim.group_schema import GROUP
from rekey.dialects.scim.projection import Projection
from rekey.dialects.scim.queries import ListQuery
from rekey.dialects.scim.resources import Resources
from rekey.dialects.scim.translate import change_group, provision_group, show_group, writable_group
from rekey.dialects.scim.values import Resource
from rekey.domain.directory import DirectoryKind
from rekey.domain.people import Team
from rekey.operations.change_provisioned_team import change_provisioned_team
from rekey.operations.end_provisioned_team import EndProvisionedTeam, end_provisioned_team
from rekey.operations.find import find_team
from rekey.operations.provision_team import provision_team
from rekey.operations.provisioned import (
    Provisioned,
    ProvisionedTeam,
    provisioned_team,
    provisioned_teams,
)
from rekey.ports.listing import WHOLE, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

# Above this a change is answered without the group, which the caller has just sent.
MOST_MEMBERS_SHOWN = 200


class Groups(Resources[ProvisionedTeam]):
    """Handlers of `/Groups`."""

    kind = GROUP

    async def find(self, view: View, id_: str) -> ProvisionedTeam:
        return await provisioned_team(view, await find_team(view, id_))

    def writable(self, known: ProvisionedTeam) -> Resource:
        return writable_group(known)

    def keeps_silent(self, known: ProvisionedTeam, shown: Projection) -> bool:
        return len(known.members) > MOST_MEMBERS_SHOWN and shown.shows("members")

    async def show(self, request: Request, known: ProvisionedTeam, shown: Projection) -> Resource:
        names: Mapping[str, str] = {}
        if any("display" in path.lower() for path in shown.only or ()):
            names = await self._kit.read(request, lambda view: _names(view, known.members))
        return show_group(known, self._kit.base(request), names)

    async def make(self, request: Request, written: Resource) -> ProvisionedTeam:
        return await self._kit.perform(request, provision_team, provision_group(written))

    async def change(
        self, request: Request, known: ProvisionedTeam, written: Resource
    ) -> Provisioned[ProvisionedTeam]:
        wanted = change_group(known, written, known.revision)
        return await self._kit.perform(request, change_provisioned_team, wanted)

    async def remove(self, request: Request, id_: str, expected: str | None) -> Reply | None:
        wanted = EndProvisionedTeam(team_id=id_, expected=expected)
        return Reply(204) if await self._kit.perform(request, end_provisioned_team, wanted) else None

    async def page(
        self, view: View, wanted: ListQuery, fits: Matches | None
    ) -> tuple[tuple[ProvisionedTeam, ...], int]:
        members = wanted.shown.shows("members")
        if fits is None or wanted.wanted is None:
            part = Part(limit=wanted.count, offset=wanted.start - 1)
            total = len((await view.teams.list(WHOLE)).items)
            return await provisioned_teams(view, (await view.teams.list(part)).items, whole=members), total
        teams = await _candidates(view, equalities(wanted.wanted))
        whole = bool(mentioned(wanted.wanted) & {"members", "meta"})
        looked_at = await provisioned_teams(view, teams, whole=whole)
        found = [one.team for one in looked_at if fits(show_group(one, "", {}))]
        chosen = found[wanted.start - 1 : wanted.start - 1 + wanted.count]
        return await provisioned_teams(view, chosen, whole=members), len(found)


async def _candidates(view: View, equal: dict[str, str]) -> tuple[Team, ...]:
    """Give the groups that may fit, by an index where one serves."""
    if "id" in equal:
        return _some(await view.teams.get(equal["id"]))
    if "externalid" in equal:
        entry = await view.directory_entries.by_external_id(DirectoryKind.TEAM, equal["externalid"])
        return () if entry is None else _some(await view.teams.get(entry.id))
    return (await view.teams.list(WHOLE)).items


async def _names(view: View, members: tuple[str, ...]) -> dict[str, str]:
    listed = await view.people.list(WHOLE, ids=list(members))
    return {person.id: person.name for person in listed.items}


def _some(team: Team | None) -> tuple[Team, ...]:
    return () if team is None else (team,)
