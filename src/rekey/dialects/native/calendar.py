"""Calendars, the hours that doors keep by them, and what doors and door groups ask of those who come."""

from datetime import datetime

from rekey.dialects.native import wire_calendar as wire
from rekey.dialects.native.errors import BadRequest
from rekey.dialects.native.kit import Kit, body_of, part_of, reply_json, reply_page
from rekey.dialects.native.translate import Shown, instant
from rekey.domain.calendar import Consequence, Timing
from rekey.domain.circumstances import Circumstances
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.add_calendar_rule import AddCalendarRule, add_calendar_rule
from rekey.operations.asked import GroupConditionChanges
from rekey.operations.edit_calendar_rule import EditCalendarRule, edit_calendar_rule
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.edit_door_group import EditDoorGroup, edit_door_group
from rekey.operations.end_calendar_rule import EndCalendarRule, end_calendar_rule
from rekey.operations.find import find_calendar_rule, find_door, find_door_group
from rekey.operations.first_to_arrive import (
    ArmFirstToArrive,
    UndoFirstToArrive,
    arm_first_to_arrive,
    undo_first_to_arrive,
)
from rekey.operations.holiday_dates import resolve_holidays
from rekey.operations.show_hours import HoursShown, show_hours
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

NO_CONTENT = Reply(204)


class Calendar:
    """Handlers of hours and conditions."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part, query = part_of(request), request.query()
        door, group = query.one("door"), query.one("door_group")
        subject = None if door is None and group is None else await self._subject(request, door, group)
        rules = await self._kit.read(
            request, Permission.ESTATE_READ, lambda view: view.calendar.list(part, subject=subject)
        )
        return reply_page(rules, part, wire.show_rule, lambda rule: rule.number)

    async def add(self, request: Request) -> Reply:
        body = body_of(request, wire.NewCalendarRule)
        wanted = AddCalendarRule(
            subject=await self._subject(request, body.door, body.door_group),
            consequence=Consequence(body.consequence),
            timing=self._timing(body.timing),
            name=body.name,
            enabled=body.enabled,
            override=body.override,
        )
        return reply_json(wire.show_rule(await self._kit.perform(request, add_calendar_rule, wanted)), 201)

    async def get(self, request: Request) -> Reply:
        rule_id = request.params["rule"]
        rule = await self._kit.read(
            request, Permission.ESTATE_READ, lambda view: find_calendar_rule(view, rule_id)
        )
        return reply_json(wire.show_rule(rule))

    async def edit(self, request: Request) -> Reply:
        body = body_of(request, wire.CalendarRuleEdit)
        wanted = EditCalendarRule(
            rule_id=request.params["rule"],
            timing=None if body.timing is None else self._timing(body.timing),
            name=body.name,
            enabled=body.enabled,
            override=body.override,
        )
        return reply_json(wire.show_rule(await self._kit.perform(request, edit_calendar_rule, wanted)))

    async def end(self, request: Request) -> Reply:
        wanted = EndCalendarRule(rule_id=request.params["rule"])
        await self._kit.perform(request, end_calendar_rule, wanted)
        return NO_CONTENT

    async def get_hours(self, request: Request) -> Reply:
        """Tell how a door stands on its calendar now."""
        door_id = await self._door(request)
        shown = await self._kit.read(
            request,
            Permission.ESTATE_READ,
            lambda view: _hours_of(view, door_id, self._kit.now),
            Scope.door(door_id),
        )
        return reply_json(_show_hours(shown))

    async def arm(self, request: Request) -> Reply:
        """Hold a scheduled unlock until somebody is admitted."""
        given = Circumstances(address=request.client)
        wanted = ArmFirstToArrive(door_id=await self._door(request), circumstances=given)
        await self._kit.perform(request, arm_first_to_arrive, wanted)
        return NO_CONTENT

    async def undo(self, request: Request) -> Reply:
        """Let go of a scheduled unlock that was held by hand."""
        given = Circumstances(address=request.client)
        wanted = UndoFirstToArrive(door_id=await self._door(request), circumstances=given)
        await self._kit.perform(request, undo_first_to_arrive, wanted)
        return NO_CONTENT

    async def get_door_conditions(self, request: Request) -> Reply:
        door_id = await self._door(request)
        door = await self._kit.read(
            request, Permission.ESTATE_READ, lambda view: find_door(view, door_id), Scope.door(door_id)
        )
        return reply_json(wire.show_door_conditions(door.settings.conditions))

    async def edit_door_conditions(self, request: Request) -> Reply:
        """Change what a door asks of everybody, its owner too."""
        body = body_of(request, wire.DoorConditionsEdit)
        wanted = EditDoor(
            door_id=await self._door(request),
            permitted_addresses=None if body.permitted_addresses is None else tuple(body.permitted_addresses),
            usage_windows=wire.to_usage_windows(body.usage_windows),
            geofence_radius=body.geofence_radius,
            proximity=body.proximity,
            allowed_hours=body.allowed_hours,
        )
        door = await self._kit.perform(request, edit_door, wanted)
        return reply_json(wire.show_door_conditions(door.settings.conditions))

    async def get_group_conditions(self, request: Request) -> Reply:
        group_id = await self._group(request)
        group = await self._kit.read(
            request,
            Permission.ESTATE_READ,
            lambda view: find_door_group(view, group_id),
            Scope.door_group(group_id),
        )
        return reply_json(wire.show_group_conditions(group.conditions))

    async def edit_group_conditions(self, request: Request) -> Reply:
        """Change what a door group asks of those who come through it."""
        body = body_of(request, wire.GroupConditionsEdit)
        asks = GroupConditionChanges(**{name: getattr(body, name) for name in body.__struct_fields__})
        wanted = EditDoorGroup(door_group_id=await self._group(request), asks=asks)
        edited = await self._kit.perform(request, edit_door_group, wanted)
        return reply_json(wire.show_group_conditions(edited.conditions))

    def _timing(self, timing: wire.Timing) -> Timing:
        if not isinstance(timing, wire.Holidays):
            return wire.to_timing(timing)
        ignored = frozenset(timing.ignored)
        core = self._kit.services.core
        return resolve_holidays(core, timing.region, observed=timing.observed, ignored=ignored)

    async def _subject(self, request: Request, door: str | int | None, group: str | int | None) -> Scope:
        if door is not None and group is None:
            return Scope.door(await self._kit.name(request, "door", door))
        if group is not None and door is None:
            return Scope.door_group(await self._kit.name(request, "door_group", group))
        raise BadRequest("door", "or door_group: name exactly one")

    async def _door(self, request: Request) -> str:
        return await self._kit.name(request, "door", request.params["door"])

    async def _group(self, request: Request) -> str:
        return await self._kit.name(request, "door_group", request.params["group"])


async def _hours_of(view: View, door_id: str, now: datetime) -> HoursShown:
    """Raises: NotFound, Gone, also for a door without any hours."""
    await find_door(view, door_id)
    return await show_hours(view, door_id, now)


def _show_hours(hours: HoursShown) -> Shown:
    return {
        "on_scheduled_unlock": hours.on_scheduled_unlock,
        "unlocked_until": instant(hours.unlocked_until),
        "first_to_arrive_required_until": instant(hours.first_to_arrive_required_until),
        "first_to_arrive_satisfied": hours.first_to_arrive_satisfied,
    }
