"""The core rule a second time, as plainly as it can be said: loops over rows, nothing of `rekey`.

It follows the text of the rule (design, section 3) and reads no tz database: the clock changes of 2026
stand below, copied from the announcements of the four places.
"""

from datetime import UTC, datetime, time, timedelta

from tests.property.rows import BlockRow, GrantRow, Question, ScheduleRow, World

# Zone -> (instant of a clock change, minutes east of UTC from then on), oldest first.
CLOCKS: dict[str, list[tuple[datetime, int]]] = {
    "Europe/Berlin": [
        (datetime(2025, 10, 26, 1, tzinfo=UTC), 60),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 120),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 60),
    ],
    "America/New_York": [
        (datetime(2025, 11, 2, 6, tzinfo=UTC), -300),
        (datetime(2026, 3, 8, 7, tzinfo=UTC), -240),
        (datetime(2026, 11, 1, 6, tzinfo=UTC), -300),
    ],
    "Australia/Lord_Howe": [
        (datetime(2025, 10, 4, 15, 30, tzinfo=UTC), 660),
        (datetime(2026, 4, 4, 15, tzinfo=UTC), 630),
        (datetime(2026, 10, 3, 15, 30, tzinfo=UTC), 660),
    ],
    "Asia/Kathmandu": [(datetime(1986, 1, 1, tzinfo=UTC), 345)],
}
PASSING_ROLES = {"basic", "manager", "access_manager", "administrator", "owner"}
HOW_FAR = [
    "no_grant",
    "grant_expired",
    "grant_not_yet_valid",
    "outside_schedule",
    "team_blocked",
    "revoked",
    "",
]
ONE_DAY = timedelta(days=1)


def wall_clock(instant: datetime, zone: str) -> datetime:
    """Give what a clock on the wall shows, for instants of 2026."""
    offset = next(minutes for since, minutes in reversed(CLOCKS[zone]) if since <= instant)
    return (instant + timedelta(minutes=offset)).replace(tzinfo=None)


def within_hours(schedule: ScheduleRow, shown: datetime) -> bool:
    """Lay out every window that began on the shown date or the day before, and look whether one holds it."""
    for began in (shown.date() - ONE_DAY, shown.date()):
        midnight = datetime.combine(began, time())
        for days, start, end in schedule.windows:
            opens = midnight + timedelta(minutes=start)
            closes = midnight + timedelta(minutes=end) + (ONE_DAY if end <= start else timedelta())
            if began.weekday() in days and began not in schedule.exceptions and opens <= shown < closes:
                return True
    return False


def may(world: World, question: Question) -> tuple[bool, str]:
    """Answer whether, and the reason if not."""
    reason = (
        why_not_credential(world, question)
        or why_not_known(world, question)
        or why_not_blocked(world, question)
    )
    if reason:
        return False, reason
    fates = [how_far(world, question, grant) for grant in world.grants]
    furthest = max(fates, key=HOW_FAR.index, default="no_grant")
    return furthest == "", furthest


def outside(start: datetime | None, end: datetime | None, instant: datetime) -> str:
    if start is not None and instant < start:
        return "not_yet_valid"
    return "expired" if end is not None and not instant < end else ""


def why_not_credential(world: World, question: Question) -> str:
    if not question.credential:
        return ""
    if question.credential not in world.credentials:
        return "credential_unknown"
    row = world.credentials[question.credential]
    if row.state != "active":
        return "credential_ended"
    lapse = outside(row.start, row.end, question.instant)
    return f"credential_{lapse}" if lapse else ""


def why_not_known(world: World, question: Question) -> str:
    if question.person not in world.people:
        return "person_unknown"
    door = world.doors.get(question.door)
    return "" if door and door.organization == world.people[question.person] else "door_unknown"


def why_not_blocked(world: World, question: Question) -> str:
    door = world.doors[question.door]
    here = [row for row in world.enrolments if row.person == question.person and row.site == door.site]
    subjects = [("organization", door.organization), ("site", door.site), ("door", question.door)]
    subjects += [("person", question.person), ("credential", question.credential)]
    subjects += [("enrolment", row.id) for row in here]
    causes = [row.cause for row in world.blocks if row.subject in subjects and stands(row, question)]
    if causes:
        return "locked_down" if set(causes) == {"lockdown"} else "blocked"
    return "enrolment_inactive" if any(outside(e.start, e.end, question.instant) for e in here) else ""


def stands(block: BlockRow, question: Question) -> bool:
    return block.until is None or question.instant < block.until


def reaches(world: World, scope: tuple[str, str], door_id: str) -> bool:
    door = world.doors[door_id]
    if scope[0] == "door_group":
        return (scope[1], door_id) in world.group_doors
    return scope in {("door", door_id), ("site", door.site), ("organization", door.organization)}


def how_far(world: World, question: Question, grant: GrantRow) -> str:
    """Say at what the way through this grant ends, or nothing if it leads through the door."""
    position, automation = grant.position, grant.automation
    if grant.holder[0] == "team":
        links = [m for m in world.memberships if (m.team, m.person) == (grant.holder[1], question.person)]
        if not links:
            return "no_grant"
        position, automation = links[0].position, links[0].automation
    elif grant.holder != ("person", question.person):
        return "no_grant"
    if grant.role not in PASSING_ROLES or not reaches(world, grant.scope, question.door):
        return "no_grant"
    lapse = outside(grant.start, grant.end, question.instant)
    if lapse:
        return f"grant_{lapse}"
    zone = world.sites[world.doors[question.door].site]
    if grant.schedule and not within_hours(grant.schedule, wall_clock(question.instant, zone)):
        return "outside_schedule"
    if any(
        row.subject == grant.holder and grant.holder[0] == "team" and stands(row, question)
        for row in world.blocks
    ):
        return "team_blocked"
    for row in world.revocations:
        lifted = position > row.position and (row.automation or not automation)
        if row.person == question.person and reaches(world, row.scope, question.door) and not lifted:
            return "revoked"
    return ""
