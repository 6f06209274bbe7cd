"""Faults planted into what the rule asks of circumstances and calendars, one at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rekey.domain import access, calendar, conditions
from rekey.domain.access import DoorRecord
from rekey.domain.calendar import CalendarRule, Timing, Weekly
from rekey.domain.circumstances import Means
from rekey.domain.conditions import UsageWindow
from rekey.domain.decision import Denied, DenyReason, PathVerdict
from rekey.domain.scope import Scope
from tests.property.faults import Fault

_REAL_JUDGE_GROUP = access._judge_group
_REAL_NEARNESS = conditions._failing_nearness
_REAL_PERMITTED = conditions.is_permitted
_REAL_TIMINGS = calendar.timings_cover
_REAL_HOLDS = calendar.holds
_REAL_RULES_COVER = calendar.covers
_REAL_USAGE = UsageWindow.covers


def _every_group_binds_every_path(
    verdict: PathVerdict, door: DoorRecord, instant: datetime, given: Any
) -> Any:
    for group in door.group_conditions:
        through = replace(verdict.path, grant=replace(verdict.path.grant, scope=Scope.door_group(group)))
        if verdict.reason is None:
            verdict = _REAL_JUDGE_GROUP(PathVerdict(through, None), door, instant, given)
    return verdict


def _group_asks_nothing(verdict: PathVerdict, door: DoorRecord, instant: datetime, given: Any) -> PathVerdict:
    return verdict


def _owners_are_spared(door: DoorRecord, instant: datetime, given: Any) -> Iterator[Denied]:
    return iter(())


def _door_hours_count_for_the_group(self: DoorRecord, scope: Scope) -> Any:
    return self.calendar


def _reader_is_far_away(radius: int | None, given: Any, **place: Any) -> Iterator[DenyReason]:
    return _REAL_NEARNESS(radius, replace(given, means=Means.APP), **place)


def _unknown_place_is_near(radius: int | None, given: Any, **place: Any) -> Iterator[DenyReason]:
    return _REAL_NEARNESS(None if given.location is None else radius, given, **place)


def _unknown_address_is_let_in(address: str | None, permitted: tuple[str, ...]) -> bool:
    return address is None or _REAL_PERMITTED(address, permitted)


def _address_is_compared_as_text(address: str | None, permitted: tuple[str, ...]) -> bool:
    return address in permitted


def _mapped_address_is_a_stranger(address: Any) -> Any:
    return address


def _overrides_are_ignored(
    counting: Iterable[Timing], taken_away: Iterable[Timing], instant: datetime, zone: ZoneInfo
) -> bool:
    return _REAL_TIMINGS(counting, (), instant, zone)


def _rules_have_no_zone_of_their_own(timing: Timing, instant: datetime, zone: ZoneInfo) -> bool:
    return _REAL_HOLDS(
        replace(timing, time_zone=None) if isinstance(timing, Weekly) else timing, instant, zone
    )


def _exceptions_of_rules_are_ignored(timing: Timing, instant: datetime, zone: ZoneInfo) -> bool:
    plain = replace(timing, exceptions=frozenset()) if isinstance(timing, Weekly) else timing
    return _REAL_HOLDS(plain, instant, zone)


def _disabled_rules_count(rules: Iterable[CalendarRule], instant: datetime, zone: ZoneInfo) -> bool:
    return _REAL_RULES_COVER([replace(rule, enabled=True) for rule in rules], instant, zone)


def _usage_windows_are_in_utc(self: UsageWindow, instant: datetime) -> bool:
    return _REAL_USAGE(replace(self, time_zone="UTC"), instant)


CONDITION_FAULTS: dict[str, Fault] = {
    "a door group binds every path": Fault(access, "_judge_group", _every_group_binds_every_path),
    "a door group asks nothing": Fault(access, "_judge_group", _group_asks_nothing),
    "a door asks nothing": Fault(access, "refuse_circumstances", _owners_are_spared),
    "one calendar serves the door and its groups": Fault(
        DoorRecord, "allowed_hours_of", _door_hours_count_for_the_group
    ),
    "a reader must prove where it is": Fault(conditions, "_failing_nearness", _reader_is_far_away),
    "an unknown place is near": Fault(conditions, "_failing_nearness", _unknown_place_is_near),
    "an unknown address is let in": Fault(conditions, "is_permitted", _unknown_address_is_let_in),
    "addresses are compared as text": Fault(conditions, "is_permitted", _address_is_compared_as_text),
    "a mapped address is a stranger": Fault(conditions, "_unmapped", _mapped_address_is_a_stranger),
    "overriding rules are ignored": Fault(calendar, "timings_cover", _overrides_are_ignored),
    "rules have no zone of their own": Fault(calendar, "holds", _rules_have_no_zone_of_their_own),
    "exceptions of rules are ignored": Fault(calendar, "holds", _exceptions_of_rules_are_ignored),
    "disabled rules count": Fault(access, "covers", _disabled_rules_count),
    "usage windows are read in UTC": Fault(UsageWindow, "covers", _usage_windows_are_in_utc),
}
