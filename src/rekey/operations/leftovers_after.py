"""leftovers_after: what a person who was taken out left behind, as far as it still stands."""

from collections.abc import Mapping
from datetime import datetime

from rekey.domain.credential import Credential
from rekey.domain.document import DocumentKind
from rekey.domain.grant import Grant
from rekey.domain.journal import JsonValue
from rekey.operations.find import find_revocation
from rekey.operations.list_leftovers import NO_LEFTOVERS, Leftovers
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View


async def leftovers_after(view: View, revocation_id: str, now: datetime) -> Leftovers:
    """Read the leftovers that the act of the revocation noted, without what has ended since.

    A revocation at a door or a site leaves the person here: of it only what the person gave to others there.
    Raises: NotFound.
    """
    revocation = await find_revocation(view, revocation_id)
    rows = await view.journal.rows(after=revocation.position - 1, limit=1)
    noted = _noted(dict(rows[0].row.detail), revocation_id) if rows else None
    if noted is None:
        return NO_LEFTOVERS
    grants = {name: _ids(noted, name) for name in ("duplicate_grants", "team_grants", "given_grants")}
    wanted = tuple(one for ids in grants.values() for one in ids)
    listed = await view.grants.list(WHOLE, GrantFilter(ids=wanted)) if wanted else None
    standing: dict[str, Grant] = {} if listed is None else {grant.id: grant for grant in listed.items}
    kept = {name: tuple(standing[one] for one in ids if one in standing) for name, ids in grants.items()}
    links = [await view.links.get(one) for one in _ids(noted, "made_links")]
    keys = [await view.keys.get(one) for one in _ids(noted, "automation_keys")]
    codes = [await view.credentials.get(one) for one in _ids(noted, "known_codes")]
    schedules = [
        await view.documents.get(DocumentKind.REPORT_SCHEDULE, one) for one in _ids(noted, "report_schedules")
    ]
    applications = [await view.applications.get(one) for one in _ids(noted, "applications")]
    subscriptions = [await view.subscriptions.get(one) for one in _ids(noted, "subscriptions")]
    return Leftovers(
        duplicate_grants=kept["duplicate_grants"],
        team_grants=kept["team_grants"],
        given_grants=kept["given_grants"],
        made_links=tuple(link for link in links if link is not None),
        automation_keys=tuple(key for key in keys if key is not None and key.ended_at is None),
        known_codes=tuple(code for code in codes if code is not None and _opens(code, now)),
        report_schedules=tuple(schedule for schedule in schedules if schedule is not None),
        applications=tuple(one for one in applications if one is not None),
        subscriptions=tuple(one for one in subscriptions if one is not None),
    )


def _opens(code: Credential, now: datetime) -> bool:
    """Say whether a code still opens somewhere: one that a lock works out does until its window ends."""
    return code.ended_at is None or (code.computed and not code.validity.is_over(now))


def _noted(detail: Mapping[str, JsonValue], revocation_id: str) -> Mapping[str, JsonValue] | None:
    """Find the leftovers of this revocation in a row, which may tell of several people."""
    left = detail.get("leftovers")
    if isinstance(left, dict) and detail.get("revocation") in {revocation_id, None}:
        return left
    if "given_to_others" in detail and detail.get("revocation") == revocation_id:
        return {"given_grants": detail["given_to_others"]}
    for value in detail.values():
        for part in value if isinstance(value, list) else [value]:
            found = _noted(part, revocation_id) if isinstance(part, dict) else None
            if found is not None:
                return found
    return None


def _ids(noted: Mapping[str, JsonValue], name: str) -> tuple[str, ...]:
    value = noted.get(name)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
