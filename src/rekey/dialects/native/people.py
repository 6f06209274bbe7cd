"""People, teams and blocks."""

from msgspec import UNSET

from rekey.dialects.native.estate import NO_CONTENT
from rekey.dialects.native.kit import Kit, body_of, find_people, instant_in, part_of, reply_json, reply_page
from rekey.dialects.native.show_at_doors import show_leftovers
from rekey.dialects.native.translate import show_block, show_person, show_revocation, show_team
from rekey.dialects.native.wire import BlockRequest, NewPerson, NewTeam, PeopleRemoval, PersonEdit, Reasoned
from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.add_team import AddTeam, add_team
from rekey.operations.add_team_member import AddTeamMember, add_team_member
from rekey.operations.edit_person import UNCHANGED, EditPerson, edit_person
from rekey.operations.end_team import EndTeam, end_team
from rekey.operations.find import find_person
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.reinstate_person import ReinstatePerson, reinstate_person
from rekey.operations.remove_people import RemovePeople, remove_people
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.operations.remove_team_member import RemoveTeamMember, remove_team_member
from rekey.ports.listing import Listing
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.receipt_links import removal_headers


class People:
    """Handlers of who passes."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part, text = part_of(request), request.query().one("q")

        async def look(view: View) -> Listing[Person]:
            if text is None:
                return await view.people.list(part)
            return Listing(tuple(await find_people(view, text))[: part.limit])

        people = await self._kit.read(request, Permission.PEOPLE_READ, look)
        return reply_page(people, part, show_person, lambda person: person.number)

    async def add(self, request: Request) -> Reply:
        body = body_of(request, NewPerson)
        wanted = AddPerson(
            name=body.name,
            email=body.email,
            phone=body.phone,
            external_key=body.external_key,
            notes=body.notes,
        )
        return reply_json(show_person(await self._kit.perform(request, add_person, wanted)), 201)

    async def get(self, request: Request) -> Reply:
        person_id = await self._person(request)
        person, blocks = await self._kit.read(
            request, Permission.PEOPLE_READ, lambda view: _with_blocks(view, person_id)
        )
        return reply_json({**show_person(person), "blocks": [show_block(block) for block in blocks]})

    async def edit(self, request: Request) -> Reply:
        body = body_of(request, PersonEdit)
        wanted = EditPerson(
            person_id=await self._person(request),
            name=UNCHANGED if body.name is UNSET else body.name,
            email=UNCHANGED if body.email is UNSET else body.email,
            phone=UNCHANGED if body.phone is UNSET else body.phone,
            external_key=UNCHANGED if body.external_key is UNSET else body.external_key,
            notes=UNCHANGED if body.notes is UNSET else body.notes,
        )
        return reply_json(show_person(await self._kit.perform(request, edit_person, wanted)))

    async def remove(self, request: Request) -> Reply:
        removed = await self._kit.perform(
            request, remove_person, RemovePerson(person_id=await self._person(request))
        )
        revocation = removed.revoked.revocation
        shown = {
            "removed": removed.person.id,
            "revocation": show_revocation(revocation),
            "leftovers": show_leftovers(removed.revoked.leftovers),
        }
        reply = reply_json(shown)
        return reply.with_headers(*removal_headers(revocation.id))

    async def remove_several(self, request: Request) -> Reply:
        """Remove up to 1,000 people, named by id, number or e-mail address, in one act."""
        body = body_of(request, PeopleRemoval)
        named = [await self._kit.person(request, name) for name in body.people]
        wanted = RemovePeople(person_ids=tuple(named), reason=body.reason)
        removed = await self._kit.perform(request, remove_people, wanted)
        lines = [
            {
                "removed": one.person.id,
                "revocation": show_revocation(one.revoked.revocation),
                "leftovers": show_leftovers(one.revoked.leftovers),
            }
            for one in removed
        ]
        first = [one.revoked.revocation.id for one in removed[:1]]
        return reply_json({"people": lines}).with_headers(*removal_headers(*first))

    async def reinstate(self, request: Request) -> Reply:
        wanted = ReinstatePerson(
            person_id=await self._person(request), reason=body_of(request, Reasoned).reason
        )
        return reply_json(show_person(await self._kit.perform(request, reinstate_person, wanted)))

    async def block(self, request: Request) -> Reply:
        body = body_of(request, BlockRequest)
        wanted = PlaceBlock(
            subject=await self._subject(request),
            cause=BlockCause.OPERATOR,
            until=instant_in(body.until, "until"),
            reason=body.reason,
        )
        now = await self._kit.perform(request, place_block, wanted)
        return reply_json({"standing": [show_block(block) for block in now.standing]})

    async def unblock(self, request: Request) -> Reply:
        wanted = LiftBlock(subject=await self._subject(request), cause=BlockCause.OPERATOR)
        now = await self._kit.perform(request, lift_block, wanted)
        return reply_json({"standing": [show_block(block) for block in now.standing]})

    async def list_teams(self, request: Request) -> Reply:
        part, query = part_of(request), request.query().one("q")
        teams = await self._kit.read(
            request, Permission.PEOPLE_READ, lambda view: view.teams.list(part, query=query)
        )
        return reply_page(teams, part, show_team, lambda team: team.number)

    async def add_team(self, request: Request) -> Reply:
        wanted = AddTeam(name=body_of(request, NewTeam).name)
        return reply_json(show_team(await self._kit.perform(request, add_team, wanted)), 201)

    async def end_team(self, request: Request) -> Reply:
        wanted = EndTeam(team_id=await self._team(request))
        return reply_json({"ended_grants": await self._kit.perform(request, end_team, wanted)})

    async def add_member(self, request: Request) -> Reply:
        wanted = AddTeamMember(team_id=await self._team(request), person_id=await self._person(request))
        await self._kit.perform(request, add_team_member, wanted)
        return NO_CONTENT

    async def remove_member(self, request: Request) -> Reply:
        wanted = RemoveTeamMember(team_id=await self._team(request), person_id=await self._person(request))
        await self._kit.perform(request, remove_team_member, wanted)
        return NO_CONTENT

    async def _person(self, request: Request) -> str:
        return await self._kit.person(request, request.params["person"])

    async def _team(self, request: Request) -> str:
        return await self._kit.name(request, "team", request.params["team"])

    async def _subject(self, request: Request) -> Subject:
        return Subject(SubjectKind.PERSON, await self._person(request))


async def _with_blocks(view: View, person_id: str) -> tuple[Person, tuple[Block, ...]]:
    person = await find_person(view, person_id)
    return person, await view.blocks.standing(Subject(SubjectKind.PERSON, person_id))
