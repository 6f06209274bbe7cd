"""list_leftovers: what still opens doors, or still runs in the person's name, once a person is taken out."""

from collections import Counter
from dataclasses import dataclass

from rekey.domain.application import Application
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.document import Document
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.journal import JsonValue
from rekey.domain.link import Link
from rekey.domain.operator import Key, KeyKind
from rekey.domain.subscription import Subscription
from rekey.operations.find_application import own_applications
from rekey.operations.keep_report_schedule import schedules_mailing
from rekey.operations.keys_for_others import keys_for_others
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """What whoever removes a person should look at.

    `duplicate_grants` are direct grants of one scope beyond the first, `team_grants` those that reach the
    person through a team: ending one grant leaves them. `given_grants` and `made_links` the person gave to
    others. `automation_keys` are the person's own API keys, with which programs and receivers of events
    run, and those that the person issued to other operators. `known_codes` are PINs that stand for themselves
    at doors which the person can reach, or that the person made: whoever leaves still knows the digits; and
    codes and cards that lived on with an enrolment which was parted from the person, and the person's own codes
    that locks work out, which they take until their windows end.
    `report_schedules` go on mailing the person's address. `applications` are those that the person owns, which
    sign their own users in; `subscriptions` go on telling the receivers that the person chose.
    """

    duplicate_grants: tuple[Grant, ...] = ()
    team_grants: tuple[Grant, ...] = ()
    given_grants: tuple[Grant, ...] = ()
    made_links: tuple[Link, ...] = ()
    automation_keys: tuple[Key, ...] = ()
    known_codes: tuple[Credential, ...] = ()
    report_schedules: tuple[Document, ...] = ()
    applications: tuple[Application, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()

    @property
    def given_to(self) -> frozenset[Holder]:
        """Who else has access by the person's hand: guests, people who were invited, teams and links."""
        return frozenset(grant.holder for grant in self.given_grants)


NO_LEFTOVERS = Leftovers()


async def list_leftovers(view: View, person_id: str) -> Leftovers:
    """List them as they stand now; none for an unknown person."""
    holder = await view.access.holder(person_id)
    if holder is None:
        return NO_LEFTOVERS
    direct = [grant for grant in holder.grants if grant.holder == holder.holder]
    seen = Counter[str]()
    duplicates = []
    for grant in direct:
        seen[grant.scope.id] += 1
        if seen[grant.scope.id] > 1:
            duplicates.append(grant)
    operator = await view.operators.of_person(person_id)
    own_id = None if operator is None else operator.id
    near = frozenset(await view.access.doors_near(holder))
    return Leftovers(
        duplicate_grants=tuple(duplicates),
        team_grants=tuple(grant for grant in holder.grants if grant.holder.kind is HolderKind.TEAM),
        given_grants=await _given(view, own_id, holder.holder),
        made_links=await _links(view, own_id, person_id),
        automation_keys=await _keys(view, own_id),
        known_codes=(
            *await _codes(view, own_id, near),
            *await _lived_on(view, person_id),
            *await _computed(view, holder.holder),
        ),
        report_schedules=await _mailing(view, person_id),
        applications=await own_applications(view, person_id),
        subscriptions=await _subscriptions(view, own_id),
    )


def leftovers_line(left: Leftovers) -> dict[str, JsonValue]:
    """Give what the journal tells of leftovers: their ids."""
    return {
        "duplicate_grants": [grant.id for grant in left.duplicate_grants],
        "team_grants": [grant.id for grant in left.team_grants],
        "given_grants": [grant.id for grant in left.given_grants],
        "made_links": [link.id for link in left.made_links],
        "automation_keys": [key.id for key in left.automation_keys],
        "known_codes": [code.id for code in left.known_codes],
        "report_schedules": [schedule.id for schedule in left.report_schedules],
        "applications": [application.id for application in left.applications],
        "subscriptions": [subscription.id for subscription in left.subscriptions],
    }


async def _mailing(view: View, person_id: str) -> tuple[Document, ...]:
    person = await view.people.get(person_id)
    return () if person is None or person.email is None else await schedules_mailing(view, person.email)


async def _given(view: View, operator_id: str | None, themselves: Holder) -> tuple[Grant, ...]:
    if operator_id is None:
        return ()
    listed = await view.grants.list(WHOLE, GrantFilter(made_by=operator_id))
    return tuple(grant for grant in listed.items if grant.holder != themselves)


async def _links(view: View, operator_id: str | None, person_id: str) -> tuple[Link, ...]:
    if operator_id is None:
        return ()
    listed = await view.links.list(WHOLE, made_by=operator_id)
    return tuple(link for link in listed.items if link.for_person_id != person_id)


async def _keys(view: View, operator_id: str | None) -> tuple[Key, ...]:
    if operator_id is None:
        return ()
    own = await view.keys.list(WHOLE, operator_id=operator_id, kind=KeyKind.API_KEY)
    issued = await keys_for_others(view, operator_id)
    return own.items + tuple(key for key in issued if key.kind is KeyKind.API_KEY)


async def _subscriptions(view: View, operator_id: str | None) -> tuple[Subscription, ...]:
    if operator_id is None:
        return ()
    return tuple((await view.subscriptions.list(WHOLE, owner_id=operator_id)).items)


async def _codes(view: View, operator_id: str | None, near: frozenset[str]) -> tuple[Credential, ...]:
    """List the PINs that no person holds; one that is limited to no door counts wherever its link opens."""
    shared = await view.credentials.list(
        WHOLE, kind=CredentialKind.PIN, matching=CredentialFilter(holder_kind=HolderKind.LINK)
    )
    known = []
    for code in shared.items:
        made = operator_id is not None and code.made_by == operator_id
        if made or await _reaches(view, code, near):
            known.append(code)
    return tuple(known)


async def _computed(view: View, themselves: Holder) -> tuple[Credential, ...]:
    held = await view.credentials.list(
        WHOLE, kind=CredentialKind.PIN, matching=CredentialFilter(holder=themselves)
    )
    return tuple(code for code in held.items if code.computed)


async def _lived_on(view: View, person_id: str) -> tuple[Credential, ...]:
    """List what lived on with enrolments that were parted from the person, who may still carry it."""
    revocations = [one.id for one in (await view.revocations.list(WHOLE, person_id=person_id)).items]
    records = (await view.people.list(WHOLE, parted_by=revocations)).items if revocations else ()
    listed = [await view.credentials.list(WHOLE, person_id=record.id) for record in records]
    return tuple(credential for part in listed for credential in part.items)


async def _reaches(view: View, code: Credential, near: frozenset[str]) -> bool:
    if not near:
        return False
    if code.door_ids:
        return not near.isdisjoint(code.door_ids)
    link = None if code.link_id is None else await view.access.link(code.link_id)
    return link is not None and not near.isdisjoint(await view.access.doors_near(link))
