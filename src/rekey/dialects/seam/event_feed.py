"""The journal in the words of events, for lists and for receivers alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from rekey.dialects.seam.event_map import becomes
from rekey.dialects.seam.event_scene import Draft, Fields, Reveal, Scene
from rekey.dialects.seam.translate import instant
from rekey.domain.journal import JournalRow
from rekey.operations.feeds import Told, event_id
from rekey.ports.store import View
from rekey.webkit.webhook_signature import svix_headers

FORM: Final = "seam"


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it is sent, and what else it is about: ids that filters know and clients do not see."""

    shape: Fields
    about: Fields

    @property
    def type(self) -> str:
        return str(self.shape["event_type"])

    @property
    def id(self) -> str:
        return str(self.shape["event_id"])

    def has(self, name: str, wanted: frozenset[str]) -> bool:
        return self.shape.get(name, self.about.get(name)) in wanted


async def events_of(view: View, row: JournalRow, reveal: Reveal) -> list[Event]:
    """Give the events that a row becomes, in their order; an id names its row and its place in it.

    Takes: reveal, which opens the sealed PIN of a code, for the events that carry it.
    """
    drafts: list[Draft] = []
    for part in row.parts():
        event = becomes(part.action)
        if event is not None:
            drafts += [draft async for draft in event.maker(Scene(view, part, reveal))]
    return [
        Event({**_shape(view, row, place, draft.type), **draft.fields}, draft.about)
        for place, draft in enumerate(drafts)
    ]


def _shape(view: View, row: JournalRow, place: int, type_: str) -> dict[str, object]:
    at = instant(row.at)
    return {
        "event_id": event_id(row.id, place),
        "event_type": type_,
        "workspace_id": view.organization_id,
        "created_at": at,
        "occurred_at": at,
    }


class SeamForm:
    """How receivers of this dialect are told; its retries end by giving up a delivery, never a receiver."""

    gives_up = False

    def __init__(self, reveal: Reveal) -> None:
        self._reveal = reveal

    async def tell(self, view: View, row: JournalRow) -> Sequence[Told]:
        events = await events_of(view, row, self._reveal)
        return [Told(id=event.id, type=event.type, body=msgspec.json.encode(event.shape)) for event in events]

    def headers(
        self, secrets: Sequence[bytes], body: bytes, *, delivery_id: str, at: datetime
    ) -> Mapping[str, str]:
        return svix_headers(secrets, body, message_id=delivery_id, at=at)
