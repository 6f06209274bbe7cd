"""What a person is given together: grants at several places, and the media that open them."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rekey.domain.door_code import Lateness
from rekey.domain.ids import Number, OperatorId, PersonId
from rekey.domain.validity import ALWAYS, Validity

_ORIGIN = "bundle:"


class MediumKind(StrEnum):
    """What the person opens with: a PIN, a card, a key on a phone, or a word to this server."""

    CODE = "code"
    CARD = "card"
    MOBILE_KEY = "mobile_key"
    CLOUD_KEY = "cloud_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Grants at these doors and door groups within one window, and media that are limited to them.

    Whether it opens anything is told by its grants and credentials alone: whoever ends one of those ends it.
    `stay_key` names the stay that it belongs to, `used_door_ids` are the doors that its person has opened by it
    for that stay. `missing_door_ids` could not be given a medium asked for.
    """

    id: str
    number: Number
    name: str = ""
    external_key: str | None = None
    stay_key: str | None = None
    person_id: PersonId
    validity: Validity = ALWAYS
    door_ids: tuple[str, ...] = ()
    door_group_ids: tuple[str, ...] = ()
    missing_door_ids: tuple[str, ...] = ()
    used_door_ids: tuple[str, ...] = ()
    made_by: OperatorId | None = None
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None

    @property
    def origin(self) -> str:
        """The mark on its grants and credentials."""
        return mark_of_bundle(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """One way to open what a bundle opens: PINs at its doors, or one credential.

    `issued_at` is when it was ready the last time, None while it is not; `issues` how often it was.
    `web_key_id` is the web key by which a phone without an app opens. `moved_at` is when its window became
    another one than `former`, until it is ready anew; `lateness` is how late it is by what was last noted.
    `asked` is the sealed code that was asked for and could not be had at `refused_door_ids`.
    """

    id: str
    number: Number
    bundle_id: str
    kind: MediumKind
    max_uses: int | None = None
    credential_id: str | None = None
    web_key_id: str | None = None
    moved_at: datetime | None = None
    former: Validity | None = None
    asked: bytes = b""
    refused_door_ids: tuple[str, ...] = ()
    issued_at: datetime | None = None
    issues: int = 0
    lateness: Lateness = Lateness.IN_TIME
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None

    def ready(self, now: datetime) -> "Medium":
        """Give the medium as it is once it opens, for the first time or anew."""
        return replace(
            self,
            issued_at=now,
            issues=self.issues + 1,
            lateness=Lateness.IN_TIME,
            moved_at=None,
            former=None,
            updated_at=now,
        )


def mark_of_bundle(bundle_id: str) -> str:
    """Give the origin of what was given with a bundle."""
    return f"{_ORIGIN}{bundle_id}"


def bundle_of(origin: str) -> str | None:
    """Name the bundle whose mark this is."""
    return origin.removeprefix(_ORIGIN) if origin.startswith(_ORIGIN) else None
