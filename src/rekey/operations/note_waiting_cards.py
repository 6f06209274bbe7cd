"""note_waiting_cards: cards that nobody has written in time are noted as late, then as failed."""

from dataclasses import replace
from datetime import datetime

from rekey.domain.bundle import Bundle, Medium
from rekey.domain.door_code import Lateness
from rekey.domain.journal import JsonValue
from rekey.operations.act import Act, operation
from rekey.operations.bundle_parts import reached
from rekey.operations.leavers import standing_leaver_block
from rekey.operations.media_progress import medium_lateness
from rekey.ports.store import View


async def late_cards(view: View, now: datetime) -> tuple[tuple[Medium, Bundle, Lateness], ...]:
    """Give the cards that are later, or less late, than was noted; one that could open no door is not waited for."""
    found = []
    for medium in await view.media.waiting_cards():
        bundle = await view.bundles.get(medium.bundle_id)
        if bundle is None or bundle.validity.is_over(now):
            continue
        lateness = medium_lateness(medium, bundle, (), now)
        if lateness is medium.lateness or await standing_leaver_block(view, bundle.person_id) is not None:
            continue
        if await reached(view, bundle):
            found.append((medium, bundle, lateness))
    return tuple(found)


@operation(None)
async def note_waiting_cards(act: Act, _wanted: None) -> int:
    """Note how late the cards are that are still to be written, and say how many were news."""
    act.waive("the server's own worker tells what the clock says")
    lines: list[JsonValue] = []
    for medium, bundle, lateness in await late_cards(act.work, act.now):
        # Since when it waits stays as it was, or it would never be later than late.
        await act.work.media.replace(replace(medium, lateness=lateness))
        line = {"medium": medium.id, "bundle": bundle.id, "person": bundle.person_id, "what": lateness.value}
        lines.append({**line, "external_key": bundle.external_key})
    if lines:
        await act.record("codes.noted", detail={"late": lines})
    else:
        act.work.keep_books()
    return len(lines)
