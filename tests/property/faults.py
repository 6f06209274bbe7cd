"""Faults planted into the rule, one at a time: a harness that misses one of them proves nothing.

Each fault names what it replaces (an object and an attribute) and the wrong thing that stands there
instead. None of them is far-fetched: each is a slip that a tired reader would let pass.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from rekey.domain import access
from rekey.domain.access import DoorRecord, HolderRecord
from rekey.domain.block import Block
from rekey.domain.decision import Decision, Denied, DenyReason, Granted, Path, PathVerdict
from rekey.domain.grant import Grant
from rekey.domain.revocation import Revocation
from rekey.domain.role import ROLES
from rekey.domain.schedule import Schedule, WeeklyWindow
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import ALWAYS, Validity

_REAL_COVERS = Schedule.covers
_REAL_REACH = DoorRecord.is_covered_by
_REAL_PATHS = access.paths_of
_REAL_BLOCKS = access.bearing_blocks
_REAL_REFUSALS = access._refusals
_REAL_SILENCES = access.silences
_REAL_JUDGE = access._judge
_REAL_BEGAN = WeeklyWindow.day_it_began
_ONE_DAY = timedelta(days=1)


class Fault(NamedTuple):
    """Put `wrong` where `owner.name` stands."""

    owner: Any
    name: str
    wrong: Any


def _end_counts_as_inside(self: Validity, instant: datetime) -> bool:
    return self.end is not None and instant > self.end


def _start_counts_as_outside(self: Validity, instant: datetime) -> bool:
    return self.start is not None and instant <= self.start


def _same_position_is_newer(revocation: Revocation, path: Path) -> bool:
    return (path.by_automation and not revocation.by_automation) or revocation.position > path.named_at


def _automation_lifts(revocation: Revocation, path: Path) -> bool:
    return revocation.position >= path.named_at


def _automation_never_lifts(revocation: Revocation, path: Path) -> bool:
    return path.by_automation or revocation.position >= path.named_at


def _revocation_is_for_ever(revocation: Revocation, path: Path) -> bool:
    return True


def _narrow_leaves_wider(revocation: Revocation, path: Path) -> bool:
    widths = list(ScopeKind)
    wider = widths.index(path.grant.scope.kind) > widths.index(revocation.scope.kind)
    return not wider and _REAL_SILENCES(revocation, path)


def _team_grant_names_the_person(
    holder: HolderRecord, grants: Iterable[Grant] | None = None
) -> Iterator[Path]:
    for path in _REAL_PATHS(holder, grants):
        yield replace(path, named_at=path.grant.named_at)


def _newest_link_names_the_person(
    holder: HolderRecord, grants: Iterable[Grant] | None = None
) -> Iterator[Path]:
    for path in _REAL_PATHS(holder, grants):
        yield replace(path, named_at=max(path.named_at, path.grant.named_at))


def _team_grant_says_who_made_the_membership(
    holder: HolderRecord, grants: Iterable[Grant] | None = None
) -> Iterator[Path]:
    for path in _REAL_PATHS(holder, grants):
        yield replace(path, by_automation=path.grant.by_automation)


def _teams_lead_nowhere(holder: HolderRecord, grants: Iterable[Grant] | None = None) -> Iterator[Path]:
    return (path for path in _REAL_PATHS(holder, grants) if path.team_id is None)


def _one_path_is_enough(holder: HolderRecord, grants: Iterable[Grant] | None = None) -> Iterator[Path]:
    yield from list(_REAL_PATHS(holder, grants))[:1]


def _block_on_other_enrolments_counts(
    holder: HolderRecord, door: DoorRecord, credential_id: str | None
) -> Any:
    everywhere = tuple(replace(enrolment, site_id=door.site_id) for enrolment in holder.enrolments)
    return _REAL_BLOCKS(replace(holder, enrolments=everywhere), door, credential_id)


def _enrolment_is_never_blocked(holder: HolderRecord, door: DoorRecord, credential_id: str | None) -> Any:
    return _REAL_BLOCKS(replace(holder, enrolments=()), door, credential_id)


def _credential_is_never_blocked(holder: HolderRecord, door: DoorRecord, credential_id: str | None) -> Any:
    return _REAL_BLOCKS(holder, door, None)


def _any_blocked_credential_counts(holder: HolderRecord, door: DoorRecord, credential_id: str | None) -> Any:
    for block in (*door.blocks, *holder.blocks):
        yield from _REAL_BLOCKS(holder, door, block.subject.id)
    yield from _REAL_BLOCKS(holder, door, credential_id)


def _team_block_shuts_every_path(holder: HolderRecord, door: DoorRecord, credential_id: str | None) -> Any:
    yield from _REAL_BLOCKS(holder, door, credential_id)
    yield from (block for block in holder.blocks if block.subject.kind.value == "team")


def _blocks_in_the_order_of_the_records(block: Block) -> tuple[bool, int, str]:
    return False, 0, ""


def _team_is_never_blocked(path: Path, **given: Any) -> PathVerdict:
    return _REAL_JUDGE(replace(path, team_id=None), **given)


def _hours_are_in_utc(self: Schedule, instant: datetime, zone: ZoneInfo) -> bool:
    return _REAL_COVERS(self, instant, ZoneInfo("UTC"))


def _summer_time_is_unknown(self: Schedule, instant: datetime, zone: ZoneInfo) -> bool:
    winter = datetime(2026, 1, 15, tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()
    return self._covers_wall_clock((instant.astimezone(UTC) + winter).replace(tzinfo=None))


def _exceptions_are_ignored(self: Schedule, local: datetime) -> bool:
    return any(window.day_it_began(local) is not None for window in self.windows)


def _exception_counts_on_the_day_shown(self: Schedule, local: datetime) -> bool:
    inside = any(window.day_it_began(local) is not None for window in self.windows)
    return inside and local.date() not in self.exceptions


def _midnight_ends_every_window(self: WeeklyWindow, local: datetime) -> date | None:
    inside = self.start <= local.time() and (self.crosses_midnight or local.time() < self.end)
    return local.date() if inside and local.weekday() in self.days else None


def _after_midnight_the_new_day_must_be_named(self: WeeklyWindow, local: datetime) -> date | None:
    clock, today = local.time(), local.date()
    if self.crosses_midnight:
        inside = clock >= self.start or clock < self.end
        began = today if clock >= self.start else today - _ONE_DAY
    else:
        inside, began = self.start <= clock < self.end, today
    return began if inside and today.weekday() in self.days else None


def _last_minute_of_a_window_counts(self: WeeklyWindow, local: datetime) -> date | None:
    minute_before = local - timedelta(microseconds=1)
    return _REAL_BEGAN(self, local) or _REAL_BEGAN(self, minute_before)


def _block_outlives_its_end(self: Block, instant: datetime) -> bool:
    return True


def _block_stands_at_its_end(self: Block, instant: datetime) -> bool:
    return self.until is None or instant <= self.until


def _block_with_an_end_is_ignored(self: Block, instant: datetime) -> bool:
    return self.until is None


def _time_stays_in_its_zone(instant: datetime) -> datetime:
    return instant


def _groups_reach_no_door(self: DoorRecord, scope: Scope) -> bool:
    return scope.kind is not ScopeKind.DOOR_GROUP and _REAL_REACH(self, scope)


def _sites_reach_every_door(self: DoorRecord, scope: Scope) -> bool:
    return scope.kind is ScopeKind.SITE or _REAL_REACH(self, scope)


def _only_the_widest_scope_covers(self: DoorRecord, scope: Scope) -> bool:
    return scope.kind is ScopeKind.ORGANIZATION and _REAL_REACH(self, scope)


def _organization_reaches_no_door(self: DoorRecord, scope: Scope) -> bool:
    return scope.kind is not ScopeKind.ORGANIZATION and _REAL_REACH(self, scope)


def _tenants_share_doors(holder: Any, door: Any, instant: datetime, presented: Any) -> Iterator[Denied]:
    if holder is not None and door is not None:
        holder = replace(holder, organization_id=door.organization_id)
    return _REAL_REFUSALS(holder, door, instant, presented)


def _enrolment_lasts_for_ever(holder: Any, door: Any, instant: datetime, presented: Any) -> Iterator[Denied]:
    if holder is not None:
        lasting = tuple(replace(enrolment, validity=ALWAYS) for enrolment in holder.enrolments)
        holder = replace(holder, enrolments=lasting)
    return _REAL_REFUSALS(holder, door, instant, presented)


def _enrolment_elsewhere_must_be_valid_too(
    holder: Any, door: Any, instant: datetime, presented: Any
) -> Iterator[Denied]:
    yield from _REAL_REFUSALS(holder, door, instant, presented)
    if holder is not None and door is not None:
        late = (enrolment for enrolment in holder.enrolments if not enrolment.validity.covers(instant))
        yield from (Denied(DenyReason.ENROLMENT_INACTIVE, enrolment.id) for enrolment in late)


def _any_credential_will_do(holder: Any, door: Any, instant: datetime, presented: Any) -> Iterator[Denied]:
    return _REAL_REFUSALS(holder, door, instant, None)


def _nearest_reason_is_told(verdicts: tuple[PathVerdict, ...]) -> Decision:
    passing = [verdict.path for verdict in verdicts if verdict.reason is None]
    order = list(DenyReason)
    if passing:
        return Granted(passing[0])
    return Denied(min((v.reason for v in verdicts if v.reason), key=order.index, default=DenyReason.NO_GRANT))


def _every_path_must_count(verdicts: tuple[PathVerdict, ...]) -> Decision:
    for verdict in verdicts:
        if verdict.reason is not None:
            return Denied(verdict.reason)
    return Granted(verdicts[0].path) if verdicts else Denied(DenyReason.NO_GRANT)


_EVERY_ROLE_PASSES = {role: replace(rule, passes=True) for role, rule in ROLES.items()}
_ONLY_BASIC_PASSES = {role: replace(rule, passes=role.value == "basic") for role, rule in ROLES.items()}

FAULTS: dict[str, Fault] = {
    "the end of a validity counts as inside": Fault(Validity, "is_over", _end_counts_as_inside),
    "the start of a validity counts as outside": Fault(Validity, "is_before_start", _start_counts_as_outside),
    "an act at the revocation's own position is newer": Fault(access, "silences", _same_position_is_newer),
    "an automation lifts an operator's revocation": Fault(access, "silences", _automation_lifts),
    "an automation can't lift an automation's revocation": Fault(access, "silences", _automation_never_lifts),
    "a revocation can never be outranked": Fault(access, "silences", _revocation_is_for_ever),
    "a narrow revocation leaves wider grants": Fault(access, "silences", _narrow_leaves_wider),
    "a team's grant names the person": Fault(access, "paths_of", _team_grant_names_the_person),
    "the newest link counts whoever it names": Fault(access, "paths_of", _newest_link_names_the_person),
    "who made the membership is not asked": Fault(
        access, "paths_of", _team_grant_says_who_made_the_membership
    ),
    "teams lead nowhere": Fault(access, "paths_of", _teams_lead_nowhere),
    "only the first path is looked at": Fault(access, "paths_of", _one_path_is_enough),
    "every path must count": Fault(access, "_best", _every_path_must_count),
    "the nearest reason is told": Fault(access, "_best", _nearest_reason_is_told),
    "a block on another enrolment counts": Fault(access, "bearing_blocks", _block_on_other_enrolments_counts),
    "a block on the enrolment is ignored": Fault(access, "bearing_blocks", _enrolment_is_never_blocked),
    "a block on the credential is ignored": Fault(access, "bearing_blocks", _credential_is_never_blocked),
    "a block on another credential counts": Fault(access, "bearing_blocks", _any_blocked_credential_counts),
    "a block on a team shuts every path": Fault(access, "bearing_blocks", _team_block_shuts_every_path),
    "the order of the records decides the reason": Fault(
        access, "_block_order", _blocks_in_the_order_of_the_records
    ),
    "a block on a team is ignored": Fault(access, "_judge", _team_is_never_blocked),
    "a block outlives its end": Fault(Block, "stands", _block_outlives_its_end),
    "a block stands at its very end": Fault(Block, "stands", _block_stands_at_its_end),
    "a block with an end is ignored": Fault(Block, "stands", _block_with_an_end_is_ignored),
    "times of one zone are compared by the wall clock": Fault(access, "as_utc", _time_stays_in_its_zone),
    "hours are read in UTC": Fault(Schedule, "covers", _hours_are_in_utc),
    "summer time is unknown": Fault(Schedule, "covers", _summer_time_is_unknown),
    "exceptions are ignored": Fault(Schedule, "_covers_wall_clock", _exceptions_are_ignored),
    "an exception counts on the day shown": Fault(
        Schedule, "_covers_wall_clock", _exception_counts_on_the_day_shown
    ),
    "midnight ends every window": Fault(WeeklyWindow, "day_it_began", _midnight_ends_every_window),
    "after midnight the new day must be named": Fault(
        WeeklyWindow, "day_it_began", _after_midnight_the_new_day_must_be_named
    ),
    "the end of a window counts as inside": Fault(
        WeeklyWindow, "day_it_began", _last_minute_of_a_window_counts
    ),
    "door groups reach no door": Fault(DoorRecord, "is_covered_by", _groups_reach_no_door),
    "a site reaches every door": Fault(DoorRecord, "is_covered_by", _sites_reach_every_door),
    "only the widest scope covers": Fault(DoorRecord, "is_covered_by", _only_the_widest_scope_covers),
    "the organization reaches no door": Fault(DoorRecord, "is_covered_by", _organization_reaches_no_door),
    "tenants share doors": Fault(access, "_refusals", _tenants_share_doors),
    "an enrolment lasts for ever": Fault(access, "_refusals", _enrolment_lasts_for_ever),
    "an enrolment elsewhere must be valid too": Fault(
        access, "_refusals", _enrolment_elsewhere_must_be_valid_too
    ),
    "any credential will do": Fault(access, "_refusals", _any_credential_will_do),
    "every role opens doors": Fault(access, "ROLES", _EVERY_ROLE_PASSES),
    "only the basic role opens doors": Fault(access, "ROLES", _ONLY_BASIC_PASSES),
}
