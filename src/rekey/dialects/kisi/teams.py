"""Teams and who is in them. Source: contract section 3.3."""

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    guest_numbered,
    path_number,
    person_numbered,
    team_numbered,
)
from rekey.dialects.kisi.lists import (
    PLAIN,
    choice_of,
    cut,
    number_of,
    numbers_of,
    order_of,
    paged,
    part_of,
    plain,
    unsorted_part,
)
from rekey.dialects.kisi.shapes import Shape, show_team, show_team_membership
from rekey.domain.errors import NotFound
from rekey.domain.people import Membership
from rekey.domain.role import Permission
from rekey.operations.add_team import AddTeam, add_team
from rekey.operations.add_team_member import AddTeamMember, add_team_member
from rekey.operations.edit_team import EditTeam, edit_team
from rekey.operations.end_team import EndTeam, end_team
from rekey.operations.remove_team_member import RemoveTeamMember, remove_team_member
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

# The core's words for what a membership joins, as its attributes spell them.
_MEMBERS = {"person": "user", "team": "team"}


class Teams:
    """Handlers of teams and memberships."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List teams; each is the organization's, none a place's."""
        part, numbers = part_of(request, PLAIN, order_of(request)), numbers_of(request, "ids")
        if choice_of(request, "scope", "organization", "place") == "place":
            numbers = ()

        async def look(view: View) -> Reply:
            named = [] if numbers is None else [await view.teams.by_number(number) for number in numbers]
            ids: list[str] | None = (
                None if numbers is None else [team.id for team in named if team is not None]
            )
            found = await view.teams.list(part, query=request.query().one("query"), ids=ids)
            return paged([show_team(team) for team in found.items], part, found.total)

        return await self._kit.read(request, Permission.PEOPLE_READ, look)

    async def create(self, request: Request) -> Reply:
        team = unwrap(request, "team")
        name = team.text("name", required=True)
        team.check()
        return plain(show_team(await self._kit.perform(request, add_team, AddTeam(name=name or ""))))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "team")
        team = await self._kit.read(request, Permission.PEOPLE_READ, lambda view: team_numbered(view, number))
        return plain(show_team(team))

    async def update(self, request: Request) -> Reply:
        attributes = unwrap(request, "team")
        name = attributes.new_name("name")
        attributes.check()
        number = path_number(request, "team")
        team = await self._kit.look(request, lambda view: team_numbered(view, number))
        wanted = EditTeam(team_id=team.id, name=team.name if name is None else name)
        await self._kit.perform(request, edit_team, wanted)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        number = path_number(request, "team")
        team = await self._kit.look(request, lambda view: team_numbered(view, number))
        await self._kit.perform(request, end_team, EndTeam(team_id=team.id))
        return NO_CONTENT

    async def list_members(self, request: Request) -> Reply:
        part = unsorted_part(request, PLAIN)

        async def look(view: View) -> Reply:
            found = await _find_members(view, request, part)
            return paged([await membership_shape(view, one) for one in found.items], part, found.total)

        return await self._kit.read(request, Permission.PEOPLE_READ, look)

    async def add_member(self, request: Request) -> Reply:
        wanted = unwrap(request, "team_membership")
        team, member = wanted.number("team_id", required=True), wanted.number("member_id", required=True)
        kind = wanted.text("member_type", required=True)
        if kind not in {"User", "Guest", None}:
            wanted.refuse("member_type", "must be User or Guest")
        wanted.check()
        find = guest_numbered if kind == "Guest" else person_numbered

        async def name(view: View) -> AddTeamMember:
            try:
                return AddTeamMember(
                    team_id=(await team_numbered(view, team or 0)).id,
                    person_id=(await find(view, member or 0)).id,
                )
            except NotFound as unknown:
                raise Unprocessable({_MEMBERS[unknown.kind]: ["must exist"]}) from unknown

        membership = await self._kit.perform(request, add_team_member, await self._kit.look(request, name))
        return plain(await self._kit.look(request, lambda view: membership_shape(view, membership)))

    async def get_member(self, request: Request) -> Reply:
        membership = await self._membership(request)
        return plain(
            await self._kit.read(
                request, Permission.PEOPLE_READ, lambda view: membership_shape(view, membership)
            )
        )

    async def remove_member(self, request: Request) -> Reply:
        membership = await self._membership(request)
        wanted = RemoveTeamMember(team_id=membership.team_id, person_id=membership.person_id)
        await self._kit.perform(request, remove_team_member, wanted)
        return NO_CONTENT

    async def _membership(self, request: Request) -> Membership:
        number = path_number(request, "membership")
        membership = await self._kit.look(request, lambda view: view.teams.membership_by_number(number))
        if membership is None:
            raise NotFound("membership", str(number))
        return membership


async def _find_members(view: View, request: Request, part: Part) -> Listing[Membership]:
    team_number, member, numbers = (
        number_of(request, "team_id"),
        number_of(request, "member_id"),
        numbers_of(request, "ids"),
    )
    kind = choice_of(request, "member_type", "User", "Guest")
    team = None if team_number is None else await view.teams.by_number(team_number)
    person = None if member is None else await view.people.by_number(member)
    unknown = (team_number is not None and team is None) or (member is not None and person is None)
    if unknown or (person is not None and kind is not None and person.is_guest is not (kind == "Guest")):
        return Listing((), 0)
    sifted = numbers is not None or kind is not None
    found = await view.teams.memberships(
        WHOLE if sifted else part,
        team_id=None if team is None else team.id,
        person_id=None if person is None else person.id,
    )
    if not sifted:
        return found
    guests = {guest.id for guest in (await view.people.list(WHOLE, guests=True)).items}
    chosen = [one for one in found.items if kind is None or (one.person_id in guests) is (kind == "Guest")]
    return cut([one for one in chosen if numbers is None or one.number in numbers], part)


async def membership_shape(view: View, membership: Membership) -> Shape:
    """Show a membership. Raises: NotFound if the team or the person ended meanwhile."""
    team, person = await view.teams.get(membership.team_id), await view.people.get(membership.person_id)
    if team is None or person is None:
        raise NotFound("membership", str(membership.number))
    return show_team_membership(membership, team, person)
