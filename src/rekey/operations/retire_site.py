"""retire_site: a site ends with all that is in it."""

from dataclasses import dataclass

from rekey.domain.estate import Door, DoorGroup, Site
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.end_grant import end_all_at
from rekey.operations.find import find_site
from rekey.operations.retire_door import retire_within
from rekey.operations.show_picture import forget_pictures
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireSite:
    site_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRetired:
    """What ended with the site; grants of the whole organization stay, and reach nothing here any more."""

    site: Site
    doors: tuple[Door, ...]
    door_groups: tuple[DoorGroup, ...]
    ended_grants: int
    ended_enrolments: int


@operation(Permission.ESTATE_WRITE)
async def retire_site(act: Act, wanted: RetireSite) -> SiteRetired:
    """End a site with its doors, its door groups, its enrolments and the grants at any of them.

    It takes the permission for the whole organization, because nobody is left to speak for the site after.
    Raises: NotFound.
    """
    await act.require(Scope.organization(act.work.organization_id))
    site = await find_site(act.work, wanted.site_id)
    doors = (await act.work.doors.list(WHOLE, site_id=site.id)).items
    groups = (await act.work.door_groups.list(WHOLE, site_id=site.id)).items
    ended = sum([await retire_within(act, door) for door in doors])
    ended += sum([await _end_group(act, group) for group in groups])
    ended += await end_all_at(act, Scope.site(site.id))
    enrolments = (await act.work.enrolments.list(WHOLE, site_id=site.id)).items
    for enrolment in enrolments:
        await act.work.enrolments.end(enrolment.id)
    await forget_pictures(act, site.id)
    await act.changed(ChangeKind.SITE, site.id)
    await act.work.sites.end(site.id)
    await act.record(
        "site.retired",
        site_id=site.id,
        detail={
            "name": site.name,
            "doors": [door.id for door in doors],
            "door_groups": [group.id for group in groups],
            "ended_grants": ended,
            "ended_enrolments": len(enrolments),
        },
    )
    return SiteRetired(
        site=site,
        doors=doors,
        door_groups=groups,
        ended_grants=ended,
        ended_enrolments=len(enrolments),
    )


async def _end_group(act: Act, group: DoorGroup) -> int:
    ended = await end_all_at(act, Scope.door_group(group.id))
    await act.work.calendar.end_of(Scope.door_group(group.id))
    await act.work.door_groups.end(group.id)
    return ended
