"""note_codes: what became of the PINs at one door is noted, and what is due of them is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from rekey.domain.access import DoorRecord
from rekey.domain.bundle import Bundle, Medium, MediumKind
from rekey.domain.credential import Credential, CredentialState
from rekey.domain.door_code import CodeStage, DoorCode, Lateness
from rekey.domain.journal import JsonValue
from rekey.domain.validity import ALWAYS
from rekey.operations.act import Act, operation
from rekey.operations.bundle_media import code_line
from rekey.operations.bundle_parts import issue_line, media_of
from rekey.operations.code_parts import code_row
from rekey.operations.code_progress import PLACED, CodeProgress, code_progress, is_due, is_over
from rekey.operations.code_wishes import is_met, wish_row
from rekey.operations.codes_by_hand import happened_by_hand, let_be_or_mend
from rekey.operations.edit_codes import end_code_within
from rekey.operations.foreign_codes import put_foreign
from rekey.operations.issue_credential import note_change
from rekey.operations.media_progress import medium_lateness
from rekey.ports.door_driver import DoorDriver, ReadBack, Simulation
from rekey.ports.listing import WHOLE
from rekey.ports.secrets import Secrets
from rekey.ports.store import View

_LATE: Mapping[tuple[CodeStage, Lateness], str] = {
    (CodeStage.SETTING, Lateness.LATE): "late_setting",
    (CodeStage.SETTING, Lateness.FAILED): "failed_setting",
    (CodeStage.REMOVING, Lateness.LATE): "late_removing",
    (CodeStage.REMOVING, Lateness.FAILED): "failed_removing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCodes:
    """`driver` moves the door. `shown` is what it was last read to hold, None if it was not read.

    `erased` are the ids of codes of which the hardware said that their hand-made PIN is gone. `lost` are those
    that the door did not have when it was read, although they belong there, `altered` those of which it had
    other digits, which are given.
    """

    door: DoorRecord
    driver: DoorDriver | None
    shown: ReadBack | None = field(default=None, repr=False)
    erased: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    altered: Mapping[str, str] = field(default_factory=dict, repr=False)

    def reads_right(self, code_id: str) -> bool | None:
        """Say whether the door was last read to have a code as it was programmed; None if it was not read."""
        return None if self.shown is None else code_id in self.shown.credentials


@dataclass(slots=True)
class _Noted:
    """The lines of the row; none of them means that nothing changed."""

    codes: list[JsonValue] = field(default_factory=list)
    found: list[JsonValue] = field(default_factory=list)
    lost: list[JsonValue] = field(default_factory=list)
    issued: list[JsonValue] = field(default_factory=list)
    late: list[JsonValue] = field(default_factory=list)
    """The media that are later than they were."""
    moved: list[JsonValue] = field(default_factory=list)
    """The codes that were programmed or ended here because their time had come."""
    media: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.codes or self.found or self.lost or self.issued or self.late or self.moved)


@operation(None)
async def note_codes(act: Act, wanted: NoteCodes) -> bool:
    """Note how far a door has come; say whether anything was new.

    A code whose window is over ends here, with its link; one that is due is programmed.
    """
    act.waive("the server's own worker tells what a door showed, and ends what was given until now")
    noted = _Noted()
    codes = (await act.work.door_codes.list(WHOLE, door_id=wanted.door.door_id)).items
    for code in codes:
        if code.foreign:
            continue
        credential = await act.work.credentials.get(code.id)
        if credential is not None:
            await _advance(act, wanted, code, credential=credential, noted=noted)
    await _note_foreign(act, wanted, codes, noted)
    for medium_id in sorted(noted.media):
        await _issue(act, medium_id, noted)
    if noted:
        await _record(act, wanted, noted)
    else:
        act.work.keep_books()
    return bool(noted)


async def _in_time(act: Act, code: DoorCode, credential: Credential, noted: _Noted) -> Credential:
    """End a code whose window is over, and program one that is due."""
    if is_over(code, credential, act.now):
        await end_code_within(act, code, credential)
        noted.moved.append(code_line(code, "over"))
        credential = await act.work.credentials.get(code.id) or credential
    elif is_due(code, credential, act.now):
        credential = replace(credential, state=CredentialState.ACTIVE, activated_at=act.now)
        await act.work.credentials.replace(credential)
        await note_change(act, credential)
        noted.moved.append(code_line(code, "programmed"))
    return credential


async def _advance(
    act: Act, wanted: NoteCodes, code: DoorCode, *, credential: Credential, noted: _Noted
) -> None:
    credential = await _in_time(act, code, credential, noted)
    by_hand = happened_by_hand(code, credential, lost=wanted.lost, altered=wanted.altered)
    if by_hand is not None:
        noted.codes.append(code_line(code, by_hand))
        code, credential = await let_be_or_mend(act, code, credential, wanted.altered.get(code.id))
    progress = await code_progress(
        act.work,
        code,
        credential,
        door=wanted.door,
        driver=wanted.driver,
        now=act.now,
        reads_right=wanted.reads_right(code.id),
    )
    happened = happenings(code, progress)
    noted.codes += [code_line(code, what) for what in happened]
    if code.medium_id is not None and credential.ended_at is None:
        noted.media.add(code.medium_id)
    met = is_met(code, progress.stage)
    if code.wish is not None and met:
        told = {**code_row(code, credential.validity), **wish_row(code.wish)}
        noted.codes.append({**told, **code_line(code, "changed")})
    if not happened and by_hand is None and not met and not differs(code, progress):
        return
    # What was programmed again is in order again.
    mended = progress.stage in PLACED and not code.lets_change
    moved = progress.stage is not code.stage
    await act.work.door_codes.replace(
        replace(
            code,
            stage=progress.stage,
            stage_since=act.now if moved else code.stage_since,
            lateness=progress.lateness,
            problem=progress.at.problem,
            changed_at_door=None if mended else code.changed_at_door,
            altered_part=b"" if mended else code.altered_part,
            wish=None if met else code.wish,
            settled=act.position if progress.stage in PLACED else code.settled,
            updated_at=act.now,
            ended_at=act.now if progress.gone else None,
        )
    )


def differs(code: DoorCode, progress: CodeProgress) -> bool:
    """Say whether anything but the instant has changed since the code was noted."""
    known = (code.stage, code.lateness, code.problem)
    return progress.gone or known != (progress.stage, progress.lateness, progress.at.problem)


def happenings(code: DoorCode, progress: CodeProgress) -> list[str]:
    """Name what has happened since the code was noted, in the order in which it did."""
    happened = []
    before, after = code.stage, progress.stage
    if after is CodeStage.SCHEDULED and before not in PLACED:
        happened.append("scheduled")
    if after is CodeStage.SET and before is not CodeStage.SET:
        happened.append("set")
    had = before in PLACED or before is CodeStage.REMOVING
    if had and after is CodeStage.UNSET:
        happened.append("removed")
    late = _LATE.get((after, progress.lateness))
    if late is not None and (before, code.lateness) != (after, progress.lateness):
        happened.append(late)
    if progress.gone:
        happened.append("gone")
    return happened


async def _note_foreign(act: Act, wanted: NoteCodes, codes: tuple[DoorCode, ...], noted: _Noted) -> None:
    for code in codes:
        if code.id in wanted.erased and not code.foreign:
            await act.work.door_codes.replace(replace(code, erasing=False, updated_at=act.now))
    if wanted.erased:
        await _keep_settings(act, wanted)
    lost, found = told_foreign(act.secrets, wanted, codes)
    for code in lost:
        await act.work.door_codes.replace(replace(code, updated_at=act.now, ended_at=act.now))
        noted.lost.append(code_row(code, ALWAYS))
    for digits in found:
        noted.found.append(code_row(await put_foreign(act, wanted.door.door_id, digits), ALWAYS))


async def _keep_settings(act: Act, wanted: NoteCodes) -> None:
    """Keep what a simulated door has become, so that an erased code does not come back with a restart."""
    driver: object = wanted.driver
    door = await act.work.doors.get(wanted.door.door_id)
    if door is None or not isinstance(driver, Simulation):
        return
    settings = dict(door.driver_settings)
    changed = {name: text for name, text in driver.settings(door.id).items() if name in settings}
    kept = tuple(sorted({**settings, **changed}.items()))
    await act.work.doors.replace(replace(door, driver_settings=kept, updated_at=act.now))


def told_foreign(
    secrets: Secrets, wanted: NoteCodes, codes: Iterable[DoorCode]
) -> tuple[list[DoorCode], list[str]]:
    """Give the foreign codes that are no longer at the door, and the digits there that nobody noted yet.

    A reading says nothing of a code that was noted after it was taken.
    """
    at = None if wanted.shown is None else wanted.shown.at
    digits_at_door = () if wanted.shown is None else wanted.shown.foreign
    shown = {secrets.fingerprint(digits): digits for digits in digits_at_door}
    foreign = [code for code in codes if code.foreign]
    lost = [
        code
        for code in foreign
        if code.id in wanted.erased
        or (at is not None and code.updated_at <= at and code.fingerprint not in shown)
    ]
    known = {code.fingerprint for code in codes if code.foreign or code.erasing}
    return lost, [digits for fingerprint, digits in shown.items() if fingerprint not in known]


async def _issue(act: Act, medium_id: str, noted: _Noted) -> None:
    medium = await act.work.media.get(medium_id)
    bundle = None if medium is None else await act.work.bundles.get(medium.bundle_id)
    if medium is None or bundle is None or medium.issued_at is not None:
        return
    if not await is_placed(act.work, medium):
        await _note_lateness(act, medium, bundle, noted)
        return
    before = await media_of(act.work, bundle)
    ready = medium.ready(act.now)
    await act.work.media.replace(ready)
    noted.issued.append(
        {
            "medium": medium.id,
            "bundle": bundle.id,
            "person": bundle.person_id,
            "external_key": bundle.external_key,
            "again": medium.issues > 0,
            "codes": [code.id for code in await codes_of(act.work, ready)],
            **await issue_line(act.work, bundle, before),
        }
    )


async def _note_lateness(act: Act, medium: Medium, bundle: Bundle, noted: _Noted) -> None:
    lateness = medium_lateness(medium, bundle, await codes_of(act.work, medium), act.now)
    if lateness is medium.lateness:
        return
    # Since when it waits stays as it was, or it would never be later than late.
    await act.work.media.replace(replace(medium, lateness=lateness))
    line = {"medium": medium.id, "bundle": bundle.id, "person": bundle.person_id, "what": lateness.value}
    noted.late.append({**line, "external_key": bundle.external_key})


async def is_later(view: View, medium: Medium, now: datetime) -> bool:
    """Say whether a medium that is not issued is later, or less late, than was noted."""
    bundle = await view.bundles.get(medium.bundle_id)
    codes = await codes_of(view, medium)
    if bundle is None or not codes:
        return False
    return medium_lateness(medium, bundle, codes, now) is not medium.lateness


async def is_placed(view: View, medium: Medium) -> bool:
    """Say whether every door has the medium's PIN, or has it for later."""
    if medium.kind is not MediumKind.CODE:
        return False
    standing = await codes_of(view, medium)
    return bool(standing) and all(code.stage in PLACED for code in standing)


async def codes_of(view: View, medium: Medium) -> list[DoorCode]:
    """Give the codes of a medium that have not ended."""
    standing = []
    for code in (await view.door_codes.list(WHOLE, medium_ids=[medium.id])).items:
        credential = await view.credentials.get(code.id)
        if credential is not None and credential.ended_at is None:
            standing.append(code)
    return standing


async def _record(act: Act, wanted: NoteCodes, noted: _Noted) -> None:
    await act.record(
        "codes.noted",
        door_id=wanted.door.door_id,
        site_id=wanted.door.site_id,
        detail={
            "codes": noted.codes,
            "found": noted.found,
            "lost": noted.lost,
            "issued": noted.issued,
            "late": noted.late,
            "moved": noted.moved,
        },
    )
