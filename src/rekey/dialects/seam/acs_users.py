"""Users of access systems: enrolments of people at sites."""

from collections.abc import Sequence
from datetime import datetime

from rekey.dialects.seam.doors import place_records, show_entrances
from rekey.dialects.seam.errors import InvalidInput
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.narrow import require_sight
from rekey.dialects.seam.parameters import Arguments, parse_instant
from rekey.dialects.seam.pending_changes import being_deleted, deleting, pending_of_users
from rekey.dialects.seam.replies import reply_ok, reply_revoked
from rekey.dialects.seam.selectors import check_user_selector, find_user
from rekey.dialects.seam.translate import show_user, validity_of
from rekey.dialects.seam.wire import AcsUser
from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.grant import Holder
from rekey.domain.people import Enrolment, Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.add_person import AddPerson
from rekey.operations.edit_enrolment import EditEnrolment, edit_enrolment
from rekey.operations.edit_person import UNCHANGED, EditPerson, Unchanged, edit_person
from rekey.operations.end_enrolment import EndEnrolment, end_enrolment
from rekey.operations.enrol_newcomer import EnrolNewcomer, enrol_newcomer
from rekey.operations.find import find_door_group, find_person
from rekey.operations.grant_access import NewGrant, OnRepeat
from rekey.operations.lingering import lingering_enrolment
from rekey.operations.list_reachable_doors import list_reachable_doors
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
GROUP_ORIGIN = "seam:acs_access_group"
Enrolled = tuple[Enrolment, Person]
_SCHEDULE = "access_schedule"
_PROFILE = ("full_name", "email_address", "email", "phone_number")


class AcsUsers:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, call: Call) -> Reply:
        args = call.args
        email, phone = _email(args), args.text("phone_number")
        wanted = EnrolNewcomer(
            person=AddPerson(name=args.required("full_name"), email=email, phone=phone),
            person_id=args.text("user_identity_id"),
            site_ids=(args.required("acs_system_id"),),
            match=True,
            validity=schedule_of(args, self._kit.now),
            grants=tuple(in_group("", group_id) for group_id in await self._groups(call)),
        )
        newcomer = await self._kit.perform(call, enrol_newcomer, wanted)
        return reply_ok(acs_user=await self._show(call, newcomer.enrolments[0]))

    async def get(self, call: Call) -> Reply:
        """Read a user; one that is gone here is shown while a door that cannot be reached may open to it."""
        check_user_selector(call.args)
        lingering = await self._lingering(call)
        return reply_ok(acs_user=lingering or await self._show(call, await self._find(call)))

    async def list(self, call: Call) -> Reply:
        page, args = self._kit.page_of(call, DEFAULT_LIMIT), call.args
        site_id, person_id = args.text("acs_system_id"), args.text("user_identity_id")
        if call.session is not None:
            require_sight(call.session.person_id is not None)
            require_sight(person_id in {None, call.session.person_id})
            person_id = call.session.person_id

        async def look(view: View) -> tuple[list[AcsUser], int | None]:
            known = await _found_by_contact(view, args)
            if known is not None and person_id not in {None, known or None}:
                return [], None
            only = person_id if known is None else known
            if only == "":
                return [], None

            async def fetch(part: Part) -> Listing[Enrolled]:
                listed = await view.enrolments.list(part, site_id=site_id, person_id=only)
                return await _with_people(view, listed)

            before = args.instant("created_before"), lambda row: row[0].created_at
            rows, last = await scan(
                fetch,
                lambda row: row[0].number,
                page,
                lambda row: _fits(args, *row),
                made_before=before,
            )
            return await users_shown(self._kit, view, rows), last

        users, last = await self._kit.read(call, Permission.PEOPLE_READ, look, _scope_of(site_id))
        return reply_ok(acs_users=users, pagination=self._kit.pagination(call, last))

    async def update(self, call: Call) -> Reply:
        check_user_selector(call.args, system_required=True)
        args, enrolment = call.args, await self._find(call)
        profile = _profile(args, enrolment.person_id) if any(name in args for name in _PROFILE) else None
        if _SCHEDULE in args:
            _require_bounds(args)
            validity = schedule_of(args, self._kit.now)
            edit = EditEnrolment(enrolment_id=enrolment.id, validity=validity, profile=profile)
            await self._kit.perform(call, edit_enrolment, edit)
        elif profile is not None:
            await self._kit.perform(call, edit_person, profile)
        return reply_ok()

    async def delete(self, call: Call) -> Reply:
        check_user_selector(call.args, system_required=True)
        if await self._lingering(call) is not None:
            return reply_ok()
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
            own = call.session is None or enrolment.person_id == call.session.person_id
            require_sight(own)
            doors = await list_reachable_doors(view, enrolment.person_id, now)
            here = [door for door in doors if every_site or door.site_id == enrolment.site_id]
            return reply_ok(acs_entrances=show_entrances(self._kit, call, await place_records(view, here)))

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

    async def _groups(self, call: Call) -> tuple[str, ...]:
        """Give the groups that a new user joins, before anything is done. Raises: NotFound."""
        named = tuple(dict.fromkeys(id_.lower() for id_ in call.args.texts("acs_access_group_ids") or ()))

        async def look(view: View) -> None:
            for group_id in named:
                await find_door_group(view, group_id)

        await self._kit.read(call, Permission.ESTATE_READ, look)
        return named

    async def _subject(self, call: Call) -> Subject:
        check_user_selector(call.args, system_required=True)
        return Subject(SubjectKind.ENROLMENT, (await self._find(call)).id)

    async def _find(self, call: Call) -> Enrolment:
        return await self._kit.read(call, Permission.PEOPLE_READ, lambda view: find_user(view, call.args))

    async def _lingering(self, call: Call) -> AcsUser | None:
        """Show the user named by its id if it has ended and is held back by a door."""
        named, now = call.args.text("acs_user_id"), self._kit.now

        async def look(view: View) -> AcsUser | None:
            found = await lingering_enrolment(view, named or "", self._kit.services.core.drivers, now)
            person = None if found is None else await view.people.last_known(found[0].person_id)
            if found is None or person is None:
                return None
            enrolment, revocation = found
            return show_user(
                enrolment,
                person,
                workspace_id=view.organization_id,
                suspended=False,
                now=now,
                pending=[deleting(revocation.at)],
                warnings=[being_deleted(revocation.at)],
            )

        return None if named is None else await self._kit.read(call, Permission.PEOPLE_READ, look)

    async def _show(self, call: Call, enrolment: Enrolment) -> AcsUser:
        async def look(view: View) -> AcsUser:
            person = await find_person(view, enrolment.person_id)
            return (await users_shown(self._kit, view, [(enrolment, person)]))[0]

        return await self._kit.read(call, Permission.PEOPLE_READ, look)


def in_group(person_id: str, group_id: str) -> NewGrant:
    """Make the grant by which a person is in a group; made again, it replaces itself."""
    return NewGrant(
        holder=Holder.person(person_id),
        scope=Scope.door_group(group_id),
        origin=GROUP_ORIGIN,
        on_repeat=OnRepeat.REPLACE_OWN,
    )


async def users_shown(kit: Kit, view: View, rows: Sequence[Enrolled]) -> list[AcsUser]:
    """Show enrolments with their people, whether each is suspended, and what its doors have yet to prove."""
    pending = await pending_of_users(kit, view, [enrolment for enrolment, _person in rows])
    return [
        show_user(
            enrolment,
            person,
            workspace_id=view.organization_id,
            suspended=await _is_suspended(view, enrolment, kit.now),
            now=kit.now,
            pending=pending.get(enrolment.id, ()),
        )
        for enrolment, person in rows
    ]


async def _is_suspended(view: View, enrolment: Enrolment, now: datetime) -> bool:
    subject = Subject(SubjectKind.ENROLMENT, enrolment.id)
    blocks = await view.blocks.standing(subject, cause=BlockCause.SUSPENSION)
    return any(block.stands(now) for block in blocks)


def _require_bounds(args: Arguments) -> None:
    """Refuse to guess a bound of the schedule that takes the place of the present one. Raises: InvalidInput."""
    schedule = args.mapping(_SCHEDULE)
    missing = [] if schedule is None else [name for name in ("starts_at", "ends_at") if name not in schedule]
    if missing:
        raise InvalidInput({_SCHEDULE: [f"{name} is required" for name in missing]})


def schedule_of(args: Arguments, now: datetime) -> Validity:
    """Read `access_schedule`; none, or null, means always, and one without a start begins now.

    Raises: InvalidInput.
    """
    schedule = args.mapping(_SCHEDULE)
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
        raise InvalidInput({_SCHEDULE: [str(malformed)]}) from malformed


def _profile(args: Arguments, person_id: str) -> EditPerson:
    """Give the changes of what was sent; nothing of it can be cleared here."""

    def sent(value: str | None) -> str | Unchanged:
        return UNCHANGED if value is None else value

    return EditPerson(
        person_id=person_id,
        name=sent(args.text("full_name")),
        email=sent(_email(args)),
        phone=sent(args.text("phone_number")),
    )


def _email(args: Arguments) -> str | None:
    newer = args.text("email_address")
    return args.text("email") if newer is None else newer


def _scope_of(site_id: str | None) -> Scope | None:
    return None if site_id is None else Scope.site(site_id)


async def _found_by_contact(view: View, args: Arguments) -> str | None:
    """Find the one person of an e-mail address or phone number by key; empty for nobody, None if neither was sent."""
    email, phone = args.text("user_identity_email_address"), args.text("user_identity_phone_number")
    if email is None and phone is None:
        return None
    person = (
        await view.people.by_email(email.strip().lower())
        if email is not None
        else await view.people.by_phone(phone or "")
    )
    return "" if person is None else person.id


async def _with_people(view: View, listed: Listing[Enrolment]) -> Listing[Enrolled]:
    """Pair enrolments with their people, in one look."""
    ids = [enrolment.person_id for enrolment in listed.items]
    known = (await view.people.list(WHOLE, ids=[*ids])).items if ids else ()
    people = {person.id: person for person in known}
    return Listing(tuple((enrolment, people[enrolment.person_id]) for enrolment in listed.items))


def _fits(args: Arguments, enrolment: Enrolment, person: Person) -> bool:
    email, phone = args.text("user_identity_email_address"), args.text("user_identity_phone_number")
    before = args.instant("created_before")
    return (
        (email is None or (person.email or "").casefold() == email.strip().casefold())
        and (phone is None or person.phone == phone)
        and (before is None or enrolment.created_at < before)
        and is_found(
            args.text("search"), (person.name, person.email, person.phone), (enrolment.id, person.id)
        )
    )
