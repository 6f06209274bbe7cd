"""The credentials on a door's list: what the door reads, and how it judges that without the server.

They stand beside the paths in the terms of their holder. A count of uses is kept at one place only: a
credential or a link whose uses are limited is listed at a door only if it can be used at no other one.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord, HolderRecord
from rekey.domain.block import Block, SubjectKind
from rekey.domain.canonical import canonical_json
from rekey.domain.credential import READ_AT_DOORS, Credential, CredentialKind, CredentialState
from rekey.domain.door_terms import in_span, span_of, terms_allow, terms_of
from rekey.domain.journal import JsonValue
from rekey.domain.scope import Scope

_NAMES_CREDENTIALS = '"credentials"'


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCredential:
    """One credential as a door's list has it; `uses` is how often it still opens, None without a limit."""

    id: str
    kind: CredentialKind
    fingerprint: str
    second_fingerprint: str
    start: int | None
    end: int | None
    uses: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRights:
    """What a door reads in one holder's terms beside the paths; `uses` are those of the holder, a link."""

    credentials: tuple[ListedCredential, ...] = ()
    uses: int | None = None


@dataclass(frozen=True, slots=True)
class FoundCredential:
    """Whose credential it is, and with what terms the holder stands on the list."""

    holder_id: str
    terms: str
    listed: ListedCredential


@dataclass(frozen=True, slots=True)
class Shown:
    """What was presented at a door, by its fingerprint, and what was typed beside it."""

    kind: CredentialKind
    fingerprint: str
    second_fingerprint: str = ""


def listed_terms(
    holder: HolderRecord,
    door: DoorRecord,
    credentials: Iterable[Credential],
    *,
    reads: frozenset[CredentialKind] = READ_AT_DOORS,
) -> str | None:
    """Give the terms of `terms_of` with the credentials that the door can read; None for no line at all.

    `{"credentials": [{"id", "kind", "fingerprint", "second", "start", "end", "uses"}], "paths": [...],
    "uses": n}`: without credentials, or without a limit, those members are left out.
    """
    terms = terms_of(holder, door)
    if terms is None or not _is_countable_at(holder, door.door_id):
        return None
    shown = sorted(
        (written for credential in credentials if (written := _write(credential, holder, door, reads))),
        key=canonical_json,
    )
    more: dict[str, JsonValue] = {"credentials": [*shown]} if shown else {}
    if holder.link is not None and holder.link.uses_left is not None:
        more["uses"] = holder.link.uses_left
    return canonical_json({**json.loads(terms), **more}).decode() if more else terms


def listed_rights(terms: str) -> ListedRights:
    """Read what `listed_terms` wrote beside the paths. Raises: ValueError for text that is not terms."""
    try:
        tree = json.loads(terms)
        uses = tree.get("uses")
        return ListedRights(
            credentials=tuple(_read(one) for one in tree.get("credentials", ())),
            uses=None if uses is None else int(uses),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as unreadable:
        raise ValueError("these are not the terms of a door") from unreadable


def credential_ids(terms: str) -> frozenset[str]:
    """Name the credentials in a line's terms; a DEL, which has none, names nobody's."""
    if _NAMES_CREDENTIALS not in terms:
        return frozenset()  # most lines name none, and thousands are compared at a time
    return frozenset(listed.id for listed in listed_rights(terms).credentials)


def find_listed(people: Mapping[str, str], shown: Shown) -> FoundCredential | None:
    """Find whose credential was shown among the terms of a door's list; unreadable terms hold none."""
    for holder_id, terms in people.items():
        try:
            rights = listed_rights(terms)
        except ValueError:
            continue
        for listed in rights.credentials:
            if (listed.kind, listed.fingerprint) == (shown.kind, shown.fingerprint):
                return FoundCredential(holder_id, terms, listed)
    return None


def listed_allow(
    found: FoundCredential, shown: Shown, *, instant: datetime, zone: ZoneInfo, spent: Mapping[str, int]
) -> bool:
    """Say whether what was shown opens the door at the instant.

    `spent` is how often the door itself has let each credential and each holder pass, by id.
    Raises: ValueError for text that is not terms; TypeError for a naive instant.
    """
    listed = found.listed
    if listed.second_fingerprint and listed.second_fingerprint != shown.second_fingerprint:
        return False
    limits = {listed.id: listed.uses, found.holder_id: listed_rights(found.terms).uses}
    if any(limit is not None and spent.get(id_, 0) >= limit for id_, limit in limits.items()):
        return False
    return in_span(listed.start, listed.end, instant) and terms_allow(found.terms, instant, zone)


def _is_countable_at(holder: HolderRecord, door_id: str) -> bool:
    if holder.link is None or holder.link.max_uses is None:
        return True
    return all(grant.scope == Scope.door(door_id) for grant in holder.grants)


def _write(
    credential: Credential, holder: HolderRecord, door: DoorRecord, reads: frozenset[CredentialKind]
) -> dict[str, JsonValue] | None:
    if credential.kind not in reads or credential.state is not CredentialState.ACTIVE:
        return None
    if credential.computed or not credential.sealed_part:
        return None  # a door is not, or can't be, told what it should read
    limited_elsewhere = credential.max_uses is not None and credential.door_ids != {door.door_id}
    if credential.is_used_up or not credential.counts_at(door.door_id) or limited_elsewhere:
        return None
    start, end = span_of(credential.validity.start, credential.validity.end)
    for block in _blocks_on(credential, holder.blocks):
        if block.until is None:
            return None
        after, _ = span_of(block.until, None)
        start = max(edge for edge in (start, after) if edge is not None)
    if start is not None and end is not None and end <= start:
        return None
    left = None if credential.max_uses is None else credential.max_uses - credential.uses
    return {
        "id": credential.id,
        "kind": credential.kind.value,
        "fingerprint": credential.fingerprint,
        "second": credential.second_fingerprint,
        "start": start,
        "end": end,
        "uses": left,
    }


def _blocks_on(credential: Credential, blocks: Iterable[Block]) -> Iterable[Block]:
    return (b for b in blocks if b.subject.kind is SubjectKind.CREDENTIAL and b.subject.id == credential.id)


def _read(written: Mapping[str, object]) -> ListedCredential:
    return ListedCredential(
        id=_text(written["id"]),
        kind=CredentialKind(_text(written["kind"])),
        fingerprint=_text(written["fingerprint"]),
        second_fingerprint=_text(written["second"]),
        start=_whole(written["start"]),
        end=_whole(written["end"]),
        uses=_whole(written["uses"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text is due here")
    return value


def _whole(value: object) -> int | None:
    if value is not None and type(value) is not int:
        raise TypeError("a whole number is due here")
    return value
