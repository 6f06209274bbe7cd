"""Carry the open hours of the first release, one schedule for each door, over into the doors' calendars."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

_DOORS = sa.text(
    "SELECT d.organization_id, d.id AS door_id, d.settings, d.created_at, d.updated_at, d.since "
    "FROM doors d WHERE d.until IS NULL"
)
_SCHEDULE = sa.text(
    "SELECT number, windows, exceptions FROM schedules "
    "WHERE organization_id = :organization AND id = :id AND until IS NULL"
)
_INSERT = sa.text(
    "INSERT INTO calendar_rules (organization_id, id, since, until, number, subject_kind, subject_id, "
    "consequence, name, timing, enabled, overrides, created_at, updated_at) VALUES (:organization, :id, :since, "
    "NULL, :number, 'door', :door, 'unlock', '', :timing, :yes, :no, :created, :updated)"
)
_KEEP = sa.text(
    "INSERT INTO door_hours (organization_id, door_id, tries, due_at) VALUES (:organization, :door, 0, 0)"
)


def carry_open_hours() -> None:
    """Make a calendar rule of each schedule that a door names; it keeps the schedule's id and number."""
    bind = op.get_bind()
    for door in bind.execute(_DOORS).mappings().all():
        schedule_id = json.loads(door["settings"]).get("open_hours_schedule_id")
        if schedule_id is None:
            continue
        asked = {"organization": door["organization_id"], "id": schedule_id}
        schedule = bind.execute(_SCHEDULE, asked).mappings().first()
        if schedule is not None:
            _carry(dict(door), dict(schedule), schedule_id)


def _carry(door: dict[str, Any], schedule: dict[str, Any], schedule_id: str) -> None:
    bind = op.get_bind()
    # The wire API that made them writes one window each.
    for days, start, end in json.loads(schedule["windows"])[:1]:
        window = {"days": days, "start": _minute(start), "end": _minute(end)}
        exceptions = json.loads(schedule["exceptions"])
        timing = {"kind": "weekly", "window": window, "zone": None, "exceptions": exceptions}
        row = {
            "organization": door["organization_id"],
            "id": schedule_id,
            "since": door["since"],
            "number": schedule["number"],
            "door": door["door_id"],
            "timing": json.dumps(timing, sort_keys=True, separators=(",", ":")),
            "yes": True,
            "no": False,
            "created": door["created_at"],
            "updated": door["updated_at"],
        }
        bind.execute(_INSERT, row)
        bind.execute(_KEEP, {"organization": door["organization_id"], "door": door["door_id"]})


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")[:2]
    return int(hours) * 60 + int(minutes)
