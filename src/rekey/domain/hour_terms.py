"""What a door and a door group ask of the time, as a door that judges alone needs it.

What they ask of an app or of its place is left out: whoever stands at the reader meets it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord
from rekey.domain.calendar import CalendarRule, timings_cover
from rekey.domain.calendar_text import read_timing, read_window, write_for_door, write_window
from rekey.domain.canonical import canonical_json
from rekey.domain.conditions import UsageWindow
from rekey.domain.decision import Path
from rekey.domain.scope import Scope, ScopeKind


def write_hours(path: Path, door: DoorRecord) -> dict[str, Any] | None:
    """Give the members that a path's terms need, none where nothing is asked; None if no instant could meet them.

    `"windows"` are the door's usage windows, one of which must hold; of each entry of `"hours"` one of
    `"allow"` must hold and none of `"except"`.
    """
    asked = door.settings.conditions
    scopes = [Scope.door(door.door_id)] if asked.allowed_hours else []
    group = path.grant.scope
    through = door.group_conditions.get(group.id) if group.kind is ScopeKind.DOOR_GROUP else None
    if through is not None and through.allowed_hours:
        scopes.append(group)
    members: dict[str, Any] = {}
    if asked.usage_windows:
        windows = [
            {"window": write_window(each.window), "zone": each.time_zone} for each in asked.usage_windows
        ]
        members["windows"] = _ordered(windows)
    if scopes:
        hours = [_write_rules(door.allowed_hours_of(scope)) for scope in scopes]
        if any(not each["allow"] for each in hours):
            return None
        members["hours"] = _ordered(hours)
    return members


def hours_allow(written: Mapping[str, Any], instant: datetime, zone: ZoneInfo) -> bool:
    """Say whether the instant meets what `write_hours` wrote.

    Raises: KeyError, TypeError, ValueError for anything else.
    """
    windows = [UsageWindow(read_window(each["window"]), each["zone"]) for each in written.get("windows", [])]
    if windows and not any(window.covers(instant) for window in windows):
        return False
    return all(
        timings_cover(map(read_timing, each["allow"]), map(read_timing, each["except"]), instant, zone)
        for each in written.get("hours", [])
    )


def _write_rules(rules: tuple[CalendarRule, ...]) -> dict[str, Any]:
    standing = [rule for rule in rules if rule.enabled]
    return {
        "allow": _ordered([write_for_door(rule.timing) for rule in standing if not rule.override]),
        "except": _ordered([write_for_door(rule.timing) for rule in standing if rule.override]),
    }


def _ordered(written: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort them by their text, so that equal rights give equal terms."""
    return sorted(written, key=canonical_json)
