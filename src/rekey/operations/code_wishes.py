"""What was changed of a PIN and is not yet proved by its door: begun with the change, met with the proof."""

from dataclasses import dataclass, replace

from rekey.domain.credential import Credential
from rekey.domain.door_code import CodeStage, CodeWish, DoorCode
from rekey.domain.journal import JsonValue
from rekey.operations.act import Act
from rekey.operations.code_parts import span_row
from rekey.operations.code_progress import PLACED


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an edit changes; the code and the credential are as they were before it."""

    name: bool
    window: bool
    digits: bool

    def __bool__(self) -> bool:
        return self.name or self.window or self.digits


def is_at_door(code: DoorCode) -> bool:
    """Say whether its door has the code, in this form or in the one from before an earlier change."""
    return code.stage in PLACED or code.wish is not None


def wish_after(act: Act, code: DoorCode, credential: Credential, changes: Changes) -> CodeWish | None:
    """Add changes to what waits for the door; what it has is what it had before the first of them."""
    if not changes or not is_at_door(code):
        return code.wish
    wish = code.wish or CodeWish(since=act.now, position=act.position)
    return replace(
        wish,
        old_name=code.name if changes.name and wish.old_name is None else wish.old_name,
        old_window=credential.validity if changes.window and wish.old_window is None else wish.old_window,
        new_digits=wish.new_digits or changes.digits,
    )


def is_met(code: DoorCode, stage: CodeStage) -> bool:
    """Say whether the door has proved all that was wished for."""
    return code.wish is not None and stage in PLACED


def wish_row(wish: CodeWish) -> dict[str, JsonValue]:
    """Give what the journal tells of a wish: what was before, and never a PIN."""
    row: dict[str, JsonValue] = {"new_digits": wish.new_digits, "asked": wish.position}
    if wish.old_name is not None:
        row["old_name"] = wish.old_name
    if wish.old_window is not None:
        row["old_window"] = span_row(wish.old_window)
    return row
