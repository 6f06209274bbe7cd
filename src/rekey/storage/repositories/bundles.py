"""What is given together, and its media."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from rekey.domain.bundle import Bundle, Medium, MediumKind
from rekey.domain.door_code import Lateness
from rekey.domain.stay import Takeover
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import AS_OF, equals, in_organization
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.bundles import bundles, media, takeovers
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none, validity_of


def _read(row: Row) -> Bundle:
    return Bundle(
        id=row.id,
        number=row.number,
        name=row.name,
        external_key=row.external_key,
        stay_key=row.stay_key,
        person_id=row.person_id,
        validity=validity_of(row.valid_from, row.valid_until),
        door_ids=_ids(row.door_ids),
        door_group_ids=_ids(row.door_group_ids),
        missing_door_ids=_ids(row.missing_door_ids),
        used_door_ids=_ids(row.used_door_ids),
        made_by=row.made_by,
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
        ended_at=instant_or_none(row.ended_at),
    )


def _write(bundle: Bundle) -> Values:
    return {
        "id": bundle.id,
        "number": bundle.number,
        "name": bundle.name,
        "external_key": bundle.external_key,
        "stay_key": bundle.stay_key,
        "person_id": bundle.person_id,
        "valid_from": micros_or_none(bundle.validity.start),
        "valid_until": micros_or_none(bundle.validity.end),
        "door_ids": _text(bundle.door_ids),
        "door_group_ids": _text(bundle.door_group_ids),
        "missing_door_ids": _text(bundle.missing_door_ids),
        "used_door_ids": _text(bundle.used_door_ids),
        "made_by": bundle.made_by,
        "created_at": micros(bundle.created_at),
        "updated_at": micros(bundle.updated_at),
        "ended_at": micros_or_none(bundle.ended_at),
    }


def _read_medium(row: Row) -> Medium:
    return Medium(
        id=row.id,
        number=row.number,
        bundle_id=row.bundle_id,
        kind=MediumKind(row.kind),
        max_uses=row.max_uses,
        credential_id=row.credential_id,
        web_key_id=row.web_key_id,
        moved_at=instant_or_none(row.moved_at),
        lateness=Lateness(row.lateness),
        former=None if row.moved_at is None else validity_of(row.former_from, row.former_until),
        asked=row.asked,
        refused_door_ids=_ids(row.refused_door_ids),
        issued_at=instant_or_none(row.issued_at),
        issues=row.issues,
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
        ended_at=instant_or_none(row.ended_at),
    )


def _write_medium(medium: Medium) -> Values:
    return {
        "id": medium.id,
        "number": medium.number,
        "bundle_id": medium.bundle_id,
        "kind": medium.kind.value,
        "max_uses": medium.max_uses,
        "credential_id": medium.credential_id,
        "web_key_id": medium.web_key_id,
        "moved_at": micros_or_none(medium.moved_at),
        "lateness": medium.lateness.value,
        "former_from": None if medium.former is None else micros_or_none(medium.former.start),
        "former_until": None if medium.former is None else micros_or_none(medium.former.end),
        "asked": medium.asked,
        "refused_door_ids": _text(medium.refused_door_ids),
        "issued_at": micros_or_none(medium.issued_at),
        "issues": medium.issues,
        "created_at": micros(medium.created_at),
        "updated_at": micros(medium.updated_at),
        "ended_at": micros_or_none(medium.ended_at),
    }


def _read_takeover(row: Row) -> Takeover:
    return Takeover(
        bundle_id=row.bundle_id,
        door_id=row.door_id,
        by_bundle_id=row.by_bundle_id,
        position=row.position,
        at=instant_of(row.at),
    )


def _write_takeover(takeover: Takeover) -> Values:
    return {
        "bundle_id": takeover.bundle_id,
        "door_id": takeover.door_id,
        "by_bundle_id": takeover.by_bundle_id,
        "position": takeover.position,
        "at": micros(takeover.at),
    }


def _ids(written: str) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(written, type=list[str]))


def _text(ids: tuple[str, ...]) -> str:
    return msgspec.json.encode(ids).decode()


BUNDLES = Rows(
    bundles,
    read=_read,
    write=_write,
    alive=sa.text("bundles.ended_at IS NULL"),
    unique=(("external_key",),),
    filters={
        "ids": one_of(bundles.c.id, "ids"),
        "person_id": equals(bundles.c.person_id, "person_id"),
        "stay_key": equals(bundles.c.stay_key, "stay_key"),
    },
)
MEDIA = Rows(
    media,
    read=_read_medium,
    write=_write_medium,
    alive=sa.text("media.ended_at IS NULL"),
    filters={
        "ids": one_of(media.c.id, "ids"),
        "bundle_ids": one_of(media.c.bundle_id, "bundle_ids"),
        # Written out, not bound, so that it is the same condition as that of the partial index.
        "waiting_card": sa.text("media.issued_at IS NULL AND media.kind = 'card'"),
    },
)


MEDIA_EVER = Rows(
    media,
    read=_read_medium,
    write=_write_medium,
    filters={"bundle_id": equals(media.c.bundle_id, "bundle_id")},
)


class SqlBundles:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, bundle: Bundle) -> None:
        await BUNDLES.add(self._session, bundle)

    async def get(self, bundle_id: str) -> Bundle | None:
        return await BUNDLES.get(self._session, bundle_id)

    async def by_external_key(self, key: str) -> Bundle | None:
        return await BUNDLES.find(self._session, external_key=key)

    async def list(
        self,
        part: Part,
        *,
        ids: Sequence[str] | None = None,
        person_id: str | None = None,
        stay_key: str | None = None,
    ) -> Listing[Bundle]:
        return await BUNDLES.list(self._session, part, ids=ids, person_id=person_id, stay_key=stay_key)

    async def replace(self, bundle: Bundle) -> None:
        await BUNDLES.replace(self._session, bundle)

    async def last_known(self, bundle_id: str) -> Bundle | None:
        return await BUNDLES.get(self._session, bundle_id, ended=True)


_OF_BUNDLES = sa.select(takeovers).where(in_organization(takeovers), one_of(takeovers.c.bundle_id, "bundles"))
TAKEOVERS = Statement(_OF_BUNDLES)
TAKEOVERS_THEN = Statement(_OF_BUNDLES.where(takeovers.c.position <= AS_OF))
_TAKEN = Rows(takeovers, read=_read_takeover, write=_write_takeover, order="position")


class SqlTakeovers:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, takeover: Takeover) -> None:
        await _TAKEN.add(self._session, takeover)

    async def of(self, bundle_ids: Sequence[str]) -> tuple[Takeover, ...]:
        rows = await self._session.fetch(TAKEOVERS, bundles=[*bundle_ids])
        return tuple(map(_read_takeover, rows))


class SqlMedia:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, medium: Medium) -> None:
        await MEDIA.add(self._session, medium)

    async def get(self, medium_id: str) -> Medium | None:
        return await MEDIA.get(self._session, medium_id)

    async def of_credential(self, credential_id: str) -> Medium | None:
        return await MEDIA.find(self._session, credential_id=credential_id)

    async def list(
        self,
        part: Part,
        *,
        ids: Sequence[str] | None = None,
        bundle_ids: Sequence[str] | None = None,
    ) -> Listing[Medium]:
        return await MEDIA.list(self._session, part, ids=ids, bundle_ids=bundle_ids)

    async def waiting_cards(self) -> tuple[Medium, ...]:
        return await MEDIA.all(self._session, always=("waiting_card",))

    async def ended_of(self, bundle_id: str) -> tuple[Medium, ...]:
        found = await MEDIA_EVER.all(self._session, bundle_id=bundle_id)
        return tuple(medium for medium in found if medium.ended_at is not None)

    async def replace(self, medium: Medium) -> None:
        await MEDIA.replace(self._session, medium)

    async def last_known(self, medium_id: str) -> Medium | None:
        return await MEDIA.get(self._session, medium_id, ended=True)
