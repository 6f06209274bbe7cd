"""The core rule: one `decide` for may, why, who, which and what if, now or at a past instant.

The records hold all that is needed for one holder and one door, so that the server, a door agent and a
test evaluate the same code. To ask about the past, pass the records as they stood at that position.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from rekey.domain.block import Block, BlockCause, SubjectKind
from rekey.domain.bundle import bundle_of
from rekey.domain.calendar import CalendarRule, Consequence, covers
from rekey.domain.circumstances import UNPROVED, Circumstances, Location
from rekey.domain.conditions import NO_DOOR_CONDITIONS, GroupConditions, failing_of_door, failing_of_group
from rekey.domain.credential import Credential, CredentialState
from rekey.domain.decision import Decision, Denied, DenyReason, Explanation, Granted, Path, PathVerdict
from rekey.domain.estate import DoorMode, DoorSettings
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.ids import DoorId, OrganizationId, SiteId, TeamId
from rekey.domain.link import Link
from rekey.domain.people import Enrolment, Membership
from rekey.domain.revocation import Revocation
from rekey.domain.role import ROLES
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import as_utc

_STATE_DENIED: Mapping[CredentialState, DenyReason] = {
    CredentialState.UNASSIGNED: DenyReason.CREDENTIAL_UNASSIGNED,
    CredentialState.INACTIVE: DenyReason.CREDENTIAL_INACTIVE,
    CredentialState.SUSPENDED: DenyReason.CREDENTIAL_ENDED,
    CredentialState.ENDED: DenyReason.CREDENTIAL_ENDED,
}
_PLACE: Mapping[DenyReason | None, int] = {None: -1, **{reason: at for at, reason in enumerate(DenyReason)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderRecord:
    """All that the rule needs to know of one holder (a person, or a link that stands for itself).

    `grants` holds the holder's own grants and those of the teams in `memberships`; `blocks` those on the
    person, on the enrolments, on the teams and on the credentials. Of a `link` that was made for a person
    the blocks on that person and that person's revocations are its own as well. `lost` holds the origin of
    what was given for a stay with each door that a later stay has taken over.
    """

    organization_id: OrganizationId
    holder: Holder
    grants: tuple[Grant, ...] = ()
    memberships: tuple[Membership, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    blocks: tuple[Block, ...] = ()
    link: Link | None = None
    lost: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorRecord:
    """All that the rule needs to know of one door.

    `blocks` holds those on the door, on its site and on its organization; `group_conditions` those of its
    groups that ask anything; `calendar` the rules of the door and of these groups that allow hours.
    `location` is the door's own, or else its site's.
    """

    organization_id: OrganizationId
    door_id: DoorId
    name: str
    site_id: SiteId
    zone: ZoneInfo
    driver: str
    mode: DoorMode = DoorMode.LOCKED
    settings: DoorSettings = field(default_factory=DoorSettings)
    group_ids: frozenset[str] = frozenset()
    group_conditions: Mapping[str, GroupConditions] = field(default_factory=dict)
    calendar: tuple[CalendarRule, ...] = ()
    location: Location | None = None
    blocks: tuple[Block, ...] = ()

    def allowed_hours_of(self, scope: Scope) -> tuple[CalendarRule, ...]:
        """Give the rules that allow hours of this door, or of one of its groups."""
        return tuple(
            rule for rule in self.calendar if rule.subject == scope and rule.consequence is Consequence.ALLOW
        )

    def is_covered_by(self, scope: Scope) -> bool:
        """Say whether the scope reaches this door."""
        if scope.kind is ScopeKind.DOOR:
            return scope.id == self.door_id
        if scope.kind is ScopeKind.DOOR_GROUP:
            return scope.id in self.group_ids
        if scope.kind is ScopeKind.SITE:
            return scope.id == self.site_id
        return scope.id == self.organization_id


@dataclass(frozen=True, slots=True)
class Presented:
    """A credential as found by its reader; `credential` is None for one that nobody knows.

    `second_fingerprint` is that of what was typed beside it.
    """

    credential: Credential | None
    second_fingerprint: str = ""


def decide(
    holder: HolderRecord | None,
    door: DoorRecord | None,
    instant: datetime,
    presented: Presented | None = None,
    *,
    circumstances: Circumstances = UNPROVED,
) -> Decision:
    """Decide whether the holder may open the door at the instant, asked for in these circumstances.

    Takes: instant with a zone (a naive one raises TypeError); records read at one and the same position.
    Gives: Granted with the path that was named last, or Denied with the first reason that failed.
    """
    instant = as_utc(instant)
    refusal = next(_refusals(holder, door, instant, presented), None)
    if refusal is not None or holder is None or door is None:
        return refusal or Denied(DenyReason.DOOR_UNKNOWN)
    decision = _best(tuple(_judge_paths(holder, door, instant, circumstances)))
    if isinstance(decision, Denied):
        return decision
    return next(refuse_circumstances(door, instant, circumstances), decision)


def explain(
    holder: HolderRecord | None,
    door: DoorRecord | None,
    instant: datetime,
    presented: Presented | None = None,
    *,
    circumstances: Circumstances = UNPROVED,
) -> Explanation:
    """Give the decision with all that spoke for and against it; what the door itself asks comes last."""
    instant = as_utc(instant)
    refusals = [*_refusals(holder, door, instant, presented)]
    paths: tuple[PathVerdict, ...] = ()
    if holder is not None and door is not None and door.organization_id == holder.organization_id:
        refusals.extend(refuse_circumstances(door, instant, circumstances))
        paths = tuple(_judge_paths(holder, door, instant, circumstances))
    decision = decide(holder, door, instant, presented, circumstances=circumstances)
    return Explanation(decision, tuple(refusals), paths)


def _refusals(
    holder: HolderRecord | None, door: DoorRecord | None, instant: datetime, presented: Presented | None
) -> Iterator[Denied]:
    """Yield what forbids the door whatever the grants say, in the order of the rule."""
    if presented is not None:
        yield from refuse_credential(presented.credential, instant)
        yield from _refuse_use(presented, door)
    if holder is None:
        yield Denied(DenyReason.PERSON_UNKNOWN)
    if door is None or (holder is not None and door.organization_id != holder.organization_id):
        yield Denied(DenyReason.DOOR_UNKNOWN)
        return
    if holder is None:
        return
    credential_id = presented.credential.id if presented and presented.credential else None
    if door.blocks or holder.blocks:
        yield from _refuse_blocks(holder, door, instant, credential_id)
    for enrolment in holder.enrolments:
        if enrolment.site_id == door.site_id and not enrolment.validity.covers(instant):
            yield Denied(DenyReason.ENROLMENT_INACTIVE, enrolment.id)
    if holder.link is not None:
        yield from _refuse_link(holder.link, instant)


def refuse_credential(credential: Credential | None, instant: datetime) -> Iterator[Denied]:
    """Yield each reason why the credential itself, whatever its holder may do, counts for nothing now."""
    if credential is None:
        yield Denied(DenyReason.CREDENTIAL_UNKNOWN)
        return
    if credential.state is not CredentialState.ACTIVE:
        yield Denied(_STATE_DENIED[credential.state], credential.id)
    if credential.validity.is_before_start(instant):
        yield Denied(DenyReason.CREDENTIAL_NOT_YET_VALID, credential.id)
    if credential.validity.is_over(instant):
        yield Denied(DenyReason.CREDENTIAL_EXPIRED, credential.id)
    if credential.is_used_up:
        yield Denied(DenyReason.CREDENTIAL_USED_UP, credential.id)


def _refuse_use(presented: Presented, door: DoorRecord | None) -> Iterator[Denied]:
    """Yield why the credential counts for nothing at this door, or without what was typed beside it."""
    credential = presented.credential
    if credential is None:
        return
    if door is not None and not credential.counts_at(door.door_id):
        yield Denied(DenyReason.CREDENTIAL_NOT_FOR_DOOR, credential.id)
    if credential.second_fingerprint and presented.second_fingerprint != credential.second_fingerprint:
        missing = not presented.second_fingerprint
        reason = DenyReason.SECOND_FACTOR_MISSING if missing else DenyReason.SECOND_FACTOR_WRONG
        yield Denied(reason, credential.id)


def _refuse_link(link: Link, instant: datetime) -> Iterator[Denied]:
    if link.validity.is_before_start(instant):
        yield Denied(DenyReason.LINK_NOT_YET_VALID, link.id)
    if link.validity.is_over(instant):
        yield Denied(DenyReason.LINK_EXPIRED, link.id)
    if link.uses_left == 0:
        yield Denied(DenyReason.LINK_USED_UP, link.id)


def _refuse_blocks(
    holder: HolderRecord, door: DoorRecord, instant: datetime, credential_id: str | None
) -> Iterator[Denied]:
    for block in bearing_blocks(holder, door, credential_id):
        if block.stands(instant):
            locked_down = block.cause is BlockCause.LOCKDOWN
            yield Denied(DenyReason.LOCKED_DOWN if locked_down else DenyReason.BLOCKED, block.id)


def bearing_blocks(
    holder: HolderRecord, door: DoorRecord, credential_id: str | None = None
) -> Iterator[Block]:
    """Yield each block that, while it stands, keeps the holder out whatever the path (a team's does not).

    The oldest comes first and lockdowns come last, in whatever order the records hold them.
    """
    enrolled = {enrolment.id for enrolment in holder.enrolments if enrolment.site_id == door.site_id}
    for block in sorted((*door.blocks, *holder.blocks), key=_block_order):
        if block.subject.kind is SubjectKind.TEAM:
            continue
        if block.subject.kind is SubjectKind.ENROLMENT and block.subject.id not in enrolled:
            continue
        if block.subject.kind is SubjectKind.CREDENTIAL and block.subject.id != credential_id:
            continue
        yield block


def _block_order(block: Block) -> tuple[bool, int, str]:
    return block.cause is BlockCause.LOCKDOWN, block.placed_at, block.id


def refuse_circumstances(door: DoorRecord, instant: datetime, given: Circumstances) -> Iterator[Denied]:
    """Yield what the door asks of everybody, its owner too, and is not met."""
    asked = door.settings.conditions
    if asked == NO_DOOR_CONDITIONS:
        return
    rules = door.allowed_hours_of(Scope.door(door.door_id)) if asked.allowed_hours else ()
    open_now = covers(rules, instant, door.zone)
    failing = failing_of_door(asked, given, instant, open_now=open_now, door_at=door.location)
    yield from (Denied(reason, door.door_id) for reason in failing)


def _judge_paths(
    holder: HolderRecord, door: DoorRecord, instant: datetime, given: Circumstances
) -> Iterator[PathVerdict]:
    """Yield the fate of every path whose grant passes and covers the door."""
    covering = _covering(holder.grants, door)
    if not covering:
        return
    silencing = [revocation for revocation in holder.revocations if door.is_covered_by(revocation.scope)]
    for path in paths_of(holder, covering):
        if ROLES[path.grant.role].passes:
            verdict = _judge(path, holder=holder, door=door, instant=instant, silencing=silencing)
            yield _judge_stay(_judge_group(verdict, door, instant, given), holder, door)


def _covering(grants: tuple[Grant, ...], door: DoorRecord) -> list[Grant]:
    """Keep the grants whose scope reaches the door; most do not, so the ids are compared before the kinds."""
    near = {door.door_id, door.site_id, door.organization_id, *door.group_ids}
    return [grant for grant in grants if grant.scope.id in near and door.is_covered_by(grant.scope)]


def paths_of(holder: HolderRecord, grants: Iterable[Grant] | None = None) -> Iterator[Path]:
    """Yield every way in which the holder holds a grant (of these, if some are given): directly, or through a team."""
    memberships = {membership.team_id: membership for membership in holder.memberships}
    for grant in holder.grants if grants is None else grants:
        if grant.holder == holder.holder:
            yield Path(grant, None, grant.named_at, grant.by_automation)
            continue
        membership = memberships.get(TeamId(grant.holder.id))
        if membership is not None and grant.holder.kind is HolderKind.TEAM:
            yield Path(grant, membership.team_id, membership.named_at, _came_by_automation(grant, membership))


def _came_by_automation(grant: Grant, membership: Membership) -> bool:
    """Say whether an automation made the newer of the two links: then no operator's act has opened this path."""
    return membership.by_automation or (grant.by_automation and grant.named_at > membership.named_at)


def _judge(
    path: Path, *, holder: HolderRecord, door: DoorRecord, instant: datetime, silencing: list[Revocation]
) -> PathVerdict:
    validity, schedule = path.grant.validity, path.grant.schedule
    if validity.is_over(instant):
        return PathVerdict(path, DenyReason.GRANT_EXPIRED)
    if validity.is_before_start(instant):
        return PathVerdict(path, DenyReason.GRANT_NOT_YET_VALID)
    if schedule is not None and not schedule.covers(instant, door.zone):
        return PathVerdict(path, DenyReason.OUTSIDE_SCHEDULE)
    for block in holder.blocks:
        on_team = block.subject.kind is SubjectKind.TEAM and block.subject.id == path.team_id
        if on_team and block.stands(instant):
            return PathVerdict(path, DenyReason.TEAM_BLOCKED, block.id)
    for revocation in silencing:
        if silences(revocation, path):
            return PathVerdict(path, DenyReason.REVOKED, revocation.id)
    return PathVerdict(path, None)


def _judge_group(
    verdict: PathVerdict, door: DoorRecord, instant: datetime, given: Circumstances
) -> PathVerdict:
    """Ask a path that counts otherwise what its door group asks of it."""
    scope = verdict.path.grant.scope
    asked = door.group_conditions.get(scope.id) if scope.kind is ScopeKind.DOOR_GROUP else None
    if asked is None or verdict.reason is not None:
        return verdict
    rules = door.allowed_hours_of(scope) if asked.allowed_hours else ()
    open_now = covers(rules, instant, door.zone)
    reason = next(failing_of_group(asked, given, open_now=open_now, door_at=door.location), None)
    return verdict if reason is None else PathVerdict(verdict.path, reason, scope.id)


def _judge_stay(verdict: PathVerdict, holder: HolderRecord, door: DoorRecord) -> PathVerdict:
    """Shut a path that counts otherwise, if it was given for a stay from which a later one took the door."""
    if verdict.reason is not None or not is_lost(verdict.path, holder, door):
        return verdict
    return PathVerdict(verdict.path, DenyReason.TAKEN_OVER, bundle_of(verdict.path.grant.origin))


def is_lost(path: Path, holder: HolderRecord, door: DoorRecord) -> bool:
    """Say whether a later stay has taken the door from what the path was given with."""
    return (path.grant.origin, str(door.door_id)) in holder.lost


def standing_paths(holder: HolderRecord, door: DoorRecord) -> Iterator[Path]:
    """Yield the paths that cover the door and that neither a revocation nor a stay shuts, whatever the time."""
    silencing = [revocation for revocation in holder.revocations if door.is_covered_by(revocation.scope)]
    for path in paths_of(holder):
        if not ROLES[path.grant.role].passes or not door.is_covered_by(path.grant.scope):
            continue
        if is_lost(path, holder, door):
            continue
        if not any(silences(revocation, path) for revocation in silencing):
            yield path


def silences(revocation: Revocation, path: Path) -> bool:
    """Say whether the revocation, which covers the door, outranks the path.

    A path opens again only by an act that names the person and is newer than the revocation; one at the
    same position is not newer. An act by an automation never outranks what an operator revoked.
    """
    if path.by_automation and not revocation.by_automation:
        return True
    return revocation.position >= path.named_at


def _best(verdicts: tuple[PathVerdict, ...]) -> Decision:
    passing = [verdict.path for verdict in verdicts if verdict.reason is None]
    if len(passing) == 1:
        return Granted(passing[0])
    if passing:
        return Granted(max(passing, key=lambda path: (path.named_at, path.grant.id)))
    furthest = max(verdicts, key=lambda verdict: _PLACE[verdict.reason], default=None)
    if furthest is None or furthest.reason is None:
        return Denied(DenyReason.NO_GRANT)
    return Denied(furthest.reason, furthest.cause_id)
