"""Users of access systems: enrolments of people at sites."""

from datetime import datetime

from rekey.dialects.seam.doors import place_records, show_entrances
from rekey.dialects.seam.errors import InvalidInput
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.parameters import Arguments, parse_instant
from rekey.dialects.seam.replies import reply_ok, reply_revoked
from rekey.dialects.seam.selectors import check_user_selector, find_user
from rekey.dialects.seam.translate import show_user, stand_in_name, validity_of
from rekey.dialects.seam.wire import AcsUser
from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.people import Enrolment, Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.add_person import AddPerson
from rekey.operations.edit_enrolment import EditEnrolment, edit_enrolment
from rekey.operations.edit_person import UNCHANGED, EditPerson, edit_person
from rekey.operations.end_enrolment import EndEnrolment, end_enrolment
from rekey.operations.enrol_newcomer import EnrolNewcomer, enrol_newcomer
from rekey.operations.find import find_person, find_site
from rekey.operations.list_reachable_doors import list_reachable_doors
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
_PROFILE = ("full_name", "email_address", "phone_number")


class AcsUsers:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, call: Call) -> Reply:
        args = call.args
        email, phone = args.text("email_address"), args.text("phone_number")
        wanted = EnrolNewcomer(
            person=AddPerson(name=args.required("full_name"), email=email, phone=phone),
            person_id=args.text("user_identity_id"),
            site_ids=(args.required("acs_system_id"),),
            match=True,
            validity=schedule_of(args, self._kit.now),
        )
        newcomer = await self._kit.perform(call, enrol_newcomer, wanted)
        return reply_ok(acs_user=await self._show(call, newcomer.enrolments[0]))

    async def get(self, call: Call) -> Reply:
        check_user_selector(call.args)
        return reply_ok(acs_user=await self._show(call, await self._find(call)))

    async def list(self, call: Call) -> Reply:
        page, args, now = self._kit.page_of(call, DEFAULT_LIMIT), call.args, self._kit.now
        site_id, person_id = args.text("acs_system_id"), args.text("user_identity_id")

        async def look(view: View) -> tuple[list[AcsUser], int | None]:
            people = await _people_wanted(view, args)
            enrolments, last = await scan(
                lambda part: view.enrolments.list(part, site_id=site_id, person_id=person_id),
                lambda enrolment: enrolment.number,
                page,
                lambda enrolment: _fits(args, enrolment, people),
            )
            shown = [await user_shown(view, enrolment, now) for enrolment in enrolments]
            return shown, last

        users, last = await self._kit.read(call, Permission.PEOPLE_READ, look, _scope_of(site_id))
        return reply_ok(acs_users=users, pagination=self._kit.pagination(call, last))

    async def update(self, call: Call) -> Reply:
        check_user_selector(call.args, system_required=True)
        args, enrolment = call.args, await self._find(call)
        if any(name in args for name in _PROFILE):
            edit = EditPerson(
                person_id=enrolment.person_id,
                name=args.text("full_name") or UNCHANGED,
                email=args.text("email_address") or UNCHANGED,
                phone=args.text("phone_number") or UNCHANGED,
            )
            await self._kit.perform(call, edit_person, edit)
        if "access_schedule" in args:
            validity = schedule_of(args, self._kit.now)
            await self._kit.perform(
                call, edit_enrolment, EditEnrolment(enrolment_id=enrolment.id, validity=validity)
            )
        return reply_ok()

    async def delete(self, call: Call) -> Reply:
        check_user_selector(call.args, system_required=True)
        enrolment = await self._find(call)
        ended = await self._kit.perform(call, end_enrolment, EndEnrolment(enrolment_id=enrolment.id))
        return reply_revoked(ended.revocation.id)

    async def suspend(self, call: Call) -> Reply:
        subject = await self._subject(call)
        wanted = PlaceBlock(subject=subject, cause=BlockCause.SUSPENSION)
        await self._kit.perform(call, place_block, wanted)
        return reply_ok()

    async def unsuspend(self, call: Call) -> Reply:
        subject = await self._subject(call)
        await self._kit.perform(call, lift_block, LiftBlock(subject=subject, cause=BlockCause.SUSPENSION))
        return reply_ok()

    async def list_accessible_entrances(self, call: Call) -> Reply:
        check_user_selector(call.args)
        args, now = call.args, self._kit.now
        every_site = args.text("acs_user_id") is None and args.text("acs_system_id") is None

        async def look(view: View) -> Reply:
            enrolment = await find_user(view, args)
            doors = await list_reachable_doors(view, enrolment.person_id, now)
            here = [door for door in doors if every_site or door.site_id == enrolment.site_id]
            return reply_ok(acs_entrances=show_entrances(call, await place_records(view, here)))

        return await self._kit.read(call, Permission.GRANTS_READ, look)

    async def revoke_access_to_all_entrances(self, call: Call) -> Reply:
        """Revoke the person at the user's site; a person alone at every site, in one act."""
        check_user_selector(call.args)
        wanted = await self._revocation(call)
        revoked = await self._kit.perform(call, revoke_person, wanted)
        return reply_revoked(revoked.revocation.id)

    async def _revocation(self, call: Call) -> RevokePerson:
        person_id, site_id = call.args.text("user_identity_id"), call.args.text("acs_system_id")
        if person_id is None:
            enrolment = await self._find(call)
            return RevokePerson(person_id=enrolment.person_id, scope=Scope.site(enrolment.site_id))
        everywhere = Scope.organization(call.workspace_id)
        return RevokePerson(person_id=person_id, scope=_scope_of(site_id) or everywhere)

    async def _subject(self, call: Call) -> Subject:
        check_user_selector(call.args, system_required=True)
        return Subject(SubjectKind.ENROLMENT, (await self._find(call)).id)

    async def _find(self, call: Call) -> Enrolment:
        return await self._kit.read(call, Permission.PEOPLE_READ, lambda view: find_user(view, call.args))

    async def _show(self, call: Call, enrolment: Enrolment) -> AcsUser:
        now = self._kit.now
        return await self._kit.read(
            call, Permission.PEOPLE_READ, lambda view: user_shown(view, enrolment, now)
        )


async def user_shown(view: View, enrolment: Enrolment, now: datetime) -> AcsUser:
    """Show an enrolment with what stands of its person and its suspension."""
    person = await find_person(view, enrolment.person_id)
    subject = Subject(SubjectKind.ENROLMENT, enrolment.id)
    blocks = await view.blocks.standing(subject, cause=BlockCause.SUSPENSION)
    suspended = any(block.stands(now) for block in blocks)
    return show_user(enrolment, person, workspace_id=view.organization_id, suspended=suspended, now=now)


def schedule_of(args: Arguments, now: datetime) -> Validity:
    """Read `access_schedule`; none, or null, means always. Raises: InvalidInput."""
    schedule = args.mapping("access_schedule")
    if schedule is None:
        return ALWAYS
    try:
        start, end = schedule.get("starts_at"), schedule.get("ends_at")
        return validity_of(
            None if start is None else parse_instant(start),
            None if end in {None, ""} else parse_instant(end),
            default=now,
        )
    except (ValueError, TypeError) as malformed:
        raise InvalidInput({"access_schedule": [str(malformed)]}) from malformed


async def add_profile(view: View, person: Person, args: Arguments) -> str:
    """Give the name that a person keeps when the given one is cleared."""
    del view
    return stand_in_name(
        args.text("email_address") or person.email, args.text("phone_number") or person.phone, None
    )


def _scope_of(site_id: str | None) -> Scope | None:
    return None if site_id is None else Scope.site(site_id)


async def _people_wanted(view: View, args: Arguments) -> dict[str, Person] | None:
    raise AssertionError


def _fits(args: Arguments, enrolment: Enrolment, people: dict[str, Person] | None) -> bool:
    raise AssertionError


_ = find_site
