"""Conditions, settings and locations as the tables hold them."""

from functools import lru_cache
from typing import Any

import msgspec

from rekey.domain.calendar_text import read_window, write_window
from rekey.domain.canonical import canonical_json
from rekey.domain.circumstances import UNPROVED, Circumstances, Location, Means
from rekey.domain.conditions import DoorConditions, GroupConditions, UsageWindow
from rekey.domain.estate import DoorSettings


@lru_cache(maxsize=256)
def read_settings(text: str) -> DoorSettings:
    """Read the settings as stored; few doors differ in them, so the values are shared."""
    stored: dict[str, Any] = msgspec.json.decode(text)
    return DoorSettings(
        open_seconds=stored["open_seconds"],
        hidden=stored["hidden"],
        conditions=DoorConditions(
            permitted_addresses=tuple(stored["permitted_addresses"]),
            # What the first release wrote has none of these.
            usage_windows=tuple(
                UsageWindow(read_window(each["window"]), each["zone"])
                for each in stored.get("usage_windows", ())
            ),
            geofence_radius=stored.get("geofence_radius"),
            proximity=stored.get("proximity", False),
            allowed_hours=stored.get("allowed_hours", False),
        ),
    )


def write_settings(settings: DoorSettings) -> str:
    asked = settings.conditions
    windows = [{"window": write_window(each.window), "zone": each.time_zone} for each in asked.usage_windows]
    return canonical_json(
        {
            "open_seconds": settings.open_seconds,
            "hidden": settings.hidden,
            "permitted_addresses": list(asked.permitted_addresses),
            "usage_windows": windows,
            "geofence_radius": asked.geofence_radius,
            "proximity": asked.proximity,
            "allowed_hours": asked.allowed_hours,
        }
    ).decode()


@lru_cache(maxsize=256)
def read_group_conditions(text: str) -> GroupConditions:
    """Read a group's conditions; a group that asks nothing has none written."""
    return GroupConditions(**msgspec.json.decode(text))


def write_group_conditions(asked: GroupConditions) -> str:
    nothing = GroupConditions()
    names = GroupConditions.__dataclass_fields__
    written = {name: getattr(asked, name) for name in names if getattr(asked, name) != getattr(nothing, name)}
    return canonical_json(written).decode()


def read_location(text: str | None) -> Location | None:
    if text is None:
        return None
    latitude, longitude = text.split()
    return Location(float(latitude), float(longitude))


def write_location(location: Location | None) -> str | None:
    """Give both numbers as Python writes them, so that they are read back to the last bit."""
    return None if location is None else f"{float(location.latitude)!r} {float(location.longitude)!r}"


def read_circumstances(text: str) -> Circumstances:
    """Read how an order was asked for; without a word nothing was proved."""
    if not text:
        return UNPROVED
    stored: dict[str, Any] = msgspec.json.decode(text)
    means, location = Means(stored.pop("means")), read_location(stored.pop("location"))
    return Circumstances(means=means, location=location, **stored)


def write_circumstances(given: Circumstances) -> str:
    if given == UNPROVED:
        return ""
    written = {name: getattr(given, name) for name in Circumstances.__dataclass_fields__}
    return canonical_json(
        {**written, "means": given.means.value, "location": write_location(given.location)}
    ).decode()
