"""Events: the journal as Seam tells it. Source: contract section 8.1."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from rekey.dialects.seam.errors import REQUIRED, InvalidInput, NotThere
from rekey.dialects.seam.event_feed import Event
from rekey.dialects.seam.event_map import EVENTS, actions_of
from rekey.dialects.seam.event_search import (
    Sought,
    actions_with,
    events_by_id,
    named_events,
    scan_events,
)
from rekey.dialects.seam.event_types import EVENT_TYPES
from rekey.dialects.seam.kit import MAX_LIMIT, Call, Kit
from rekey.dialects.seam.narrow import doors_in_sight
from rekey.dialects.seam.parameters import Arguments, Kind, Param, parse_instant
from rekey.dialects.seam.replies import reply_ok
from rekey.domain.role import Permission
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT: Final = 500
ONE: Final = (
    "access_code_id",
    "access_grant_id",
    "access_method_id",
    "acs_access_group_id",
    "acs_credential_id",
    "acs_encoder_id",
    "acs_entrance_id",
    "acs_system_id",
    "acs_user_id",
    "connect_webview_id",
    "connected_account_id",
    "device_id",
    "space_id",
    "user_identity_id",
)
# Plural names and the member that they speak of.
_SEVERAL: Final = {
    "access_code_ids": "access_code_id",
    "access_grant_ids": "access_grant_id",
    "access_method_ids": "access_method_id",
    "acs_system_ids": "acs_system_id",
    "device_ids": "device_id",
    "event_ids": "event_id",
    "space_ids": "space_id",
}
_OTHERS: Final = ("customer_key", "event_type", "event_types", "since", "between")
_OF_MANY_PEOPLE: Final = frozenset({"customer.dropped", "people.removed"})

LIST: Final = (
    *(Param(name, Kind.ID) for name in ONE),
    *(Param(name, Kind.TEXTS) for name in _SEVERAL),
    Param("customer_key"),
    Param("event_type"),
    Param("event_types", Kind.TEXTS),
    Param("since"),
    Param("between", Kind.TEXTS),
    Param("limit", Kind.NUMBER, positive=True),
    Param("unstable_offset", Kind.NUMBER),
)
GET: Final = (Param("event_id", Kind.ID), Param("device_id", Kind.ID), Param("event_type"))


class Events:
    """Handlers of events."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._reveal = kit.services.core.secrets.unseal

    async def get(self, call: Call) -> Reply:
        """Read one event: the one with the id, or the first that fits."""
        if not any(name in call.args for name in ("event_id", "device_id", "event_type")):
            raise InvalidInput(root=["Must provide at least one of event_id, event_type, or device_id"])
        _check_types(call.args)
        named, whole = call.args.text("event_id"), _sought(call.args)

        async def look(view: View) -> Event | None:
            sought = await _in_sight(view, call, whole)
            if named is None:
                return await anext(aiter(scan_events(view, sought, self._reveal)), None)
            found = [event for event in await events_by_id(view, named, self._reveal) if sought.fits(event)]
            return found[0] if found else None

        event = await self._kit.read(call, Permission.JOURNAL_READ, look)
        if event is None:
            raise NotThere("event_not_found", {"event_id": named} if named is not None else {})
        return reply_ok(event=event.shape)

    async def list(self, call: Call) -> Reply:
        """List events, the oldest first."""
        args = call.args
        if not any(name in args for name in (*ONE, *_SEVERAL, *_OTHERS)):
            raise InvalidInput(root=["Must provide at least one filter, such as since or between"])
        _check_types(args)
        limit = min(args.number("limit", DEFAULT_LIMIT), MAX_LIMIT)
        skip = max(0, args.number("unstable_offset", 0))
        whole, ids = _sought(args), args.texts("event_ids")

        async def look(view: View) -> list[Event]:
            sought = await _in_sight(view, call, whole)
            if ids is not None:
                return [event for event in await named_events(view, ids, self._reveal) if sought.fits(event)][
                    skip : skip + limit
                ]
            events: list[Event] = []
            passed = 0
            async for event in scan_events(view, sought, self._reveal):
                passed += 1
                if passed > skip:
                    events.append(event)
                if len(events) == limit:
                    break
            return events

        events = await self._kit.read(call, Permission.JOURNAL_READ, look)
        return reply_ok(events=[event.shape for event in events])


async def _in_sight(view: View, call: Call, sought: Sought) -> Sought:
    """Narrow what is sought to the doors, the person and the accounts that a client session sees."""
    session, doors = call.session, await doors_in_sight(view, call)
    if session is None or doors is None:
        return sought
    people = frozenset() if session.person_id is None else frozenset({session.person_id})
    accounts = frozenset(session.upstream_ids)

    def sees(event: Event) -> bool:
        if event.has("device_id", doors) or event.has("acs_entrance_id", doors):
            return True
        is_of_door = "device_id" in event.shape or "acs_entrance_id" in event.shape
        return not is_of_door and (
            event.has("user_identity_id", people)
            or event.has("connected_account_id", accounts)
            or (
                session.customer_key is not None
                and event.has("customer_key", frozenset({session.customer_key}))
            )
        )

    return replace(sought, fits=lambda event: sought.fits(event) and sees(event))


def _sought(args: Arguments) -> Sought:
    """Turn the filters into one for rows and one for events; all must hold. Raises: InvalidInput."""
    wanted = _by_member(args)
    since, before, after = _span(args)
    matching = JournalFilter(
        door_id=_only(wanted.get("device_id") or wanted.get("acs_entrance_id")),
        person_id=_only(wanted.get("user_identity_id")),
        actions=_actions(wanted),
        since=since,
        before=before,
    )

    def fits(event: Event) -> bool:
        # Compared as it is shown, whole milliseconds, so that a client's own bound is excluded.
        is_later = after is None or parse_instant(event.shape["created_at"]) > after
        return is_later and all(event.has(name, ids) for name, ids in wanted.items())

    return Sought(matching, fits, _only(wanted.get("acs_system_id")))


def _actions(wanted: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Give the actions whose events may have what is wanted of them."""
    members = frozenset(wanted) & {*ONE, *_SEVERAL.values()} - {"event_id"}
    types = wanted.get("event_type")
    carriers = actions_with(members) if members else frozenset(EVENTS)
    return carriers if types is None else carriers & actions_of(types)


def _by_member(args: Arguments) -> Mapping[str, frozenset[str]]:
    """Give the values that each member may have; a name given alone and in its plural must fit both."""
    wanted: dict[str, frozenset[str]] = {}

    def narrow(name: str, values: frozenset[str]) -> None:
        wanted[name] = wanted[name] & values if name in wanted else values

    for name in (*ONE, "customer_key", "event_type"):
        value = args.text(name)
        if value is not None:
            narrow(name, frozenset({value}))
    for plural, name in _SEVERAL.items():
        values = args.texts(plural)
        if values is not None:
            narrow(name, frozenset(value.lower() for value in values))
    types = args.texts("event_types")
    if types is not None:
        narrow("event_type", frozenset(types))
    return wanted


def _check_types(args: Arguments) -> None:
    """Refuse types that the catalogue lacks. Raises: InvalidInput."""
    named = [*filter(None, [args.text("event_type")]), *(args.texts("event_types") or ())]
    unknown = [name for name in named if name not in EVENT_TYPES]
    if unknown:
        parameter = "event_type" if args.text("event_type") in unknown else "event_types"
        raise InvalidInput({parameter: ["Invalid enum value"]})


def _span(args: Arguments) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Give the time from which, before which and after which. Raises: InvalidInput."""
    since, between = args.text("since"), args.texts("between")
    if since is not None and between is not None:
        raise InvalidInput(root=["Must provide only one of since or between"])
    if since is not None:
        return _instant("since", since), None, None
    if between is None:
        return None, None, None
    if len(between) != 2:
        raise InvalidInput({"between": [REQUIRED if not between else "Array must contain 2 elements"]})
    start, end = (_instant("between", text) for text in between)
    if start >= end:
        raise InvalidInput({"between": ["The first time must be before the second"]})
    return start, end, start


def _instant(name: str, text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as malformed:
        raise InvalidInput({name: [str(malformed)]}) from malformed


def _only(values: frozenset[str] | None) -> str | None:
    return next(iter(values)) if values is not None and len(values) == 1 else None
