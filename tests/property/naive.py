"""The core rule a second time, as plainly as it can be said: loops over rows, nothing of `rekey`.

It follows the text of the rule (design, section 3) and reads no tz database: the clock changes of 2026
stand below, copied from the announcements of the four places.
"""

from datetime import UTC, datetime, time, timedelta

from tests.property.rows import AsksRow, BlockRow, GrantRow, Question, RuleRow, ScheduleRow, World

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
    "app_not_allowed",
    "outside_allowed_hours",
    "not_primary_login",
    "not_managed_login",
    "tap_required",
    "location_not_proved",
    "door_location_unknown",
    "too_far",
    "proximity_not_proved",
    "taken_over",
    "",
]
# Client -> the entries of a list that let it in.
LET_IN: dict[str, set[str]] = {
    "": set(),
    "10.1.2.3": {"10.0.0.0/8"},
    "::ffff:10.1.2.3": {"10.0.0.0/8"},
    "192.0.2.7": {"192.0.2.7"},
    "192.0.2.8": set(),
    "2001:db8::1": {"2001:db8::/32"},
    "nonsense": set(),
}
METRES = 111.195  # a thousandth of a degree on the equator
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
    furthest = max(fates, key=HOW_FAR.index, default="no_grant") or why_not_there(world, question)
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
        return "credential_ended" if row.state in {"suspended", "ended"} else f"credential_{row.state}"
    lapse = outside(row.start, row.end, question.instant)
    if lapse:
        return f"credential_{lapse}"
    if row.most is not None and row.uses >= row.most:
        return "credential_used_up"
    if row.doors and question.door in world.doors and question.door not in row.doors:
        return "credential_not_for_door"
    if row.second and not question.second:
        return "second_factor_missing"
    return "second_factor_wrong" if row.second and row.second != question.second else ""


def organization_of(world: World, asker: str) -> str:
    """Name the organization of a person or of a link; nothing for one that is not there."""
    if asker in world.links:
        link = world.links[asker]
        return "" if link.person and link.person not in world.people else link.organization
    return world.people.get(asker, "")


def behind(world: World, asker: str) -> set[str]:
    """Give whose blocks, revocations and enrolments count: one's own, and those of whom a link was made for."""
    return {asker, world.links[asker].person} - {""} if asker in world.links else {asker}


def why_not_known(world: World, question: Question) -> str:
    organization = organization_of(world, question.person)
    if not organization:
        return "person_unknown"
    door = world.doors.get(question.door)
    return "" if door and door.organization == organization else "door_unknown"


def why_not_blocked(world: World, question: Question) -> str:
    door = world.doors[question.door]
    whose = behind(world, question.person)
    here = [row for row in world.enrolments if row.person in whose and row.site == door.site]
    subjects = [("organization", door.organization), ("site", door.site), ("door", question.door)]
    subjects += [("link" if name in world.links else "person", name) for name in whose]
    subjects += [("credential", question.credential), *(("enrolment", row.id) for row in here)]
    causes = [row.cause for row in world.blocks if row.subject in subjects and stands(row, question)]
    if causes:
        return "locked_down" if set(causes) == {"lockdown"} else "blocked"
    if any(outside(row.start, row.end, question.instant) for row in here):
        return "enrolment_inactive"
    return why_not_link(world, question)


def why_not_link(world: World, question: Question) -> str:
    link = world.links.get(question.person)
    if link is None:
        return ""
    lapse = outside(link.start, link.end, question.instant)
    if lapse:
        return f"link_{lapse}"
    return "link_used_up" if link.most is not None and link.uses >= link.most else ""


def is_listed(world: World, question: Question) -> bool:
    """Say whether the door may know of it: what counts uses is told to one door only, or to none."""
    card, link = world.credentials[question.credential], world.links.get(question.person)
    if card.most is not None and card.doors != (question.door,):
        return False
    if link is None or link.most is None:
        return True
    scopes = {row.scope for row in world.grants if row.holder == ("link", question.person)}
    return scopes <= {("door", question.door)}


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
        linked_last = grant.automation and grant.position > links[0].position
        position, automation = links[0].position, links[0].automation or linked_last
    elif grant.holder != ("link" if question.person in world.links else "person", question.person):
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
        if (
            row.person in behind(world, question.person)
            and reaches(world, row.scope, question.door)
            and not lifted
        ):
            return "revoked"
    shut = why_not_through(world, question, grant.scope) if grant.scope[0] == "door_group" else ""
    return shut or ("taken_over" if (grant.id, question.door) in world.lost else "")


def why_not_through(world: World, question: Question, group: tuple[str, str]) -> str:
    """Say what a door group asks of the paths through it, and is not met."""
    asks, given = world.asks.get(group), question.given
    if asks is None:
        return ""
    by_hand = given.means == "reader"
    if not asks.app and not by_hand:
        return "app_not_allowed"
    if asks.hours and not allowed(world, question, group):
        return "outside_allowed_hours"
    if asks.primary and not given.primary and not by_hand:
        return "not_primary_login"
    if asks.managed and not given.managed and not by_hand:
        return "not_managed_login"
    if asks.tap and not by_hand:
        return "tap_required"
    return why_not_near(world, question, asks)


def why_not_there(world: World, question: Question) -> str:
    """Say what the door asks of everybody, and is not met."""
    asks, given = world.asks.get(("door", question.door)), question.given
    if asks is None:
        return ""
    if asks.addresses and given.means != "reader" and not LET_IN[given.address] & set(asks.addresses):
        return "address_not_permitted"
    hours = [
        (ScheduleRow((window,), ()), wall_clock(question.instant, zone)) for window, zone in asks.windows
    ]
    if hours and not any(within_hours(schedule, shown) for schedule, shown in hours):
        return "outside_usage_hours"
    if asks.hours and not allowed(world, question, ("door", question.door)):
        return "outside_allowed_hours"
    return why_not_near(world, question, asks)


def why_not_near(world: World, question: Question, asks: AsksRow) -> str:
    """Say why the place does not do; who stands at the reader is there, and a link need not be."""
    given, door_at = question.given, world.points.get(question.door)
    if given.means in {"reader", "link"}:
        return ""
    if asks.radius is not None and given.at is None:
        return "location_not_proved"
    if asks.radius is not None and door_at is None:
        return "door_location_unknown"
    if asks.radius and abs((given.at or 0) - (door_at or 0)) * METRES > asks.radius:
        return "too_far"
    return "proximity_not_proved" if asks.proximity and not given.at_reader else ""


def allowed(world: World, question: Question, subject: tuple[str, str]) -> bool:
    """Say whether some rule of the subject allows the instant, and none takes it away."""
    site_zone = world.sites[world.doors[question.door].site]
    held = [
        rule.override
        for rule in world.rules
        if rule.subject == subject and rule.enabled and rule_holds(rule, question.instant, site_zone)
    ]
    return bool(held) and not any(held)


def rule_holds(rule: RuleRow, instant: datetime, site_zone: str) -> bool:
    if rule.span is not None:
        return rule.span[0] <= instant < rule.span[1]
    shown = wall_clock(instant, rule.zone or site_zone)
    if rule.window is None:
        return wall_clock(instant, site_zone).date() in rule.days
    return within_hours(ScheduleRow((rule.window,), rule.exceptions), shown)
