"""Credentials, and the doors that they are limited to."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from rekey.domain.canonical import canonical_json
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.errors import AlreadyExists
from rekey.domain.grant import HolderKind
from rekey.domain.ids import LinkId, PersonId
from rekey.ports.listing import Listing, Part
from rekey.ports.repositories.people import CredentialFilter
from rekey.storage.conditions import contains, equals, in_organization, pattern
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables import credential_doors, credentials
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none, validity_of

_NOBODY = ""
_EVERY = CredentialFilter()


def _read(row: Row) -> Credential:
    kind = row.holder_kind if row.person_id != _NOBODY else None
    identifiers: list[list[str]] = msgspec.json.decode(row.identifiers)
    return Credential(
        id=row.id,
        number=row.number,
        person_id=PersonId(row.person_id) if kind == HolderKind.PERSON.value else None,
        link_id=LinkId(row.person_id) if kind == HolderKind.LINK.value else None,
        kind=CredentialKind(row.kind),
        fingerprint=row.fingerprint,
        label=row.label,
        public_part=row.public_part,
        sealed_part=row.sealed_part,
        second_fingerprint=row.second_fingerprint,
        second_sealed_part=row.second_sealed_part or b"",
        card_type=row.card_type,
        identifiers=tuple((name, value) for name, value in identifiers),
        door_ids=frozenset(msgspec.json.decode(row.door_ids, type=list[str])),
        computed=row.computed,
        max_uses=row.max_uses,
        uses=row.uses,
        origin=row.origin,
        made_by=row.made_by,
        state=CredentialState(row.state),
        validity=validity_of(row.valid_from, row.valid_until),
        last_used_at=instant_or_none(row.last_used_at),
        activated_at=instant_or_none(row.activated_at),
        deactivated_at=instant_or_none(row.deactivated_at),
        changed_at=instant_or_none(row.changed_at),
        created_at=instant_of(row.created_at),
        ended_at=instant_or_none(row.ended_at),
    )


def _write(credential: Credential) -> Values:
    holder = credential.holder
    return {
        "id": credential.id,
        "number": credential.number,
        "person_id": _NOBODY if holder is None else holder.id,
        "holder_kind": (HolderKind.PERSON if holder is None else holder.kind).value,
        "kind": credential.kind.value,
        "fingerprint": credential.fingerprint,
        "label": credential.label,
        "public_part": credential.public_part,
        "sealed_part": credential.sealed_part,
        "second_fingerprint": credential.second_fingerprint,
        "second_sealed_part": credential.second_sealed_part,
        "card_type": credential.card_type,
        "identifiers": canonical_json([list(one) for one in credential.identifiers]).decode(),
        "door_ids": canonical_json(sorted(credential.door_ids)).decode(),
        "computed": credential.computed,
        "max_uses": credential.max_uses,
        "uses": credential.uses,
        "origin": credential.origin,
        "made_by": credential.made_by,
        "state": credential.state.value,
        "valid_from": micros_or_none(credential.validity.start),
        "valid_until": micros_or_none(credential.validity.end),
        "last_used_at": micros_or_none(credential.last_used_at),
        "activated_at": micros_or_none(credential.activated_at),
        "deactivated_at": micros_or_none(credential.deactivated_at),
        "changed_at": micros_or_none(credential.changed_at),
        "created_at": micros(credential.created_at),
        "ended_at": micros_or_none(credential.ended_at),
    }


# Written out, not bound, so that it is the same condition as that of the unique index.
_HELD = sa.text("credentials.state <> 'ended'")
_limited_to_door = sa.select(credential_doors.c.credential_id).where(
    in_organization(credential_doors), equals(credential_doors.c.door_id, "door_id")
)
CREDENTIALS = Rows(
    credentials,
    read=_read,
    write=_write,
    alive=_HELD,
    filters={
        "holder_id": equals(credentials.c.person_id, "holder_id"),
        "holder_kind": equals(credentials.c.holder_kind, "holder_kind"),
        "kind": equals(credentials.c.kind, "kind"),
        "door_id": credentials.c.id.in_(_limited_to_door),
        "ids": one_of(credentials.c.id, "ids"),
        "states": one_of(credentials.c.state, "states"),
        "card_types": one_of(credentials.c.card_type, "card_types"),
        "fingerprints": one_of(credentials.c.fingerprint, "fingerprints"),
        "fingerprint": equals(credentials.c.fingerprint, "fingerprint"),
        "identifier": contains("identifier", credentials.c.identifiers),
        "origin": equals(credentials.c.origin, "origin"),
        "made_by": equals(credentials.c.made_by, "made_by"),
    },
)
_NEWLY_ENDED = Statement(
    sa.select(credentials)
    .where(in_organization(credentials), credentials.c.ended_at.is_not(None))
    .order_by(credentials.c.ended_at.desc(), credentials.c.id)
    .limit(sa.bindparam("most", type_=sa.BigInteger, required=True))
)
# Written out, so that it is the condition of the index.
COMPUTED = Statement(
    sa.select(credentials)
    .where(
        in_organization(credentials),
        sa.text("credentials.computed"),
        credentials.c.valid_until > sa.bindparam("at", type_=sa.BigInteger, required=True),
    )
    .order_by(credentials.c.valid_until, credentials.c.number)
)
_ADD_DOORS = Statement(sa.insert(credential_doors))
_FORGET_DOORS = Statement(
    sa.delete(credential_doors).where(
        in_organization(credential_doors), equals(credential_doors.c.credential_id, "credential_id")
    )
)


class SqlCredentials:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, credential: Credential) -> None:
        await self._refuse_collision(credential)
        await CREDENTIALS.add(self._session, credential)
        await self._name_doors(credential)

    async def get(self, credential_id: str) -> Credential | None:
        return await CREDENTIALS.get(self._session, credential_id, ended=True)

    async def by_number(self, number: int) -> Credential | None:
        return await CREDENTIALS.find(self._session, number=number)

    async def by_fingerprint(self, kind: CredentialKind, fingerprint: str) -> Credential | None:
        return await CREDENTIALS.find(self._session, ended=True, kind=kind.value, fingerprint=fingerprint)

    async def sharing(self, kind: CredentialKind, fingerprint: str) -> tuple[Credential, ...]:
        return await CREDENTIALS.all(self._session, kind=kind.value, fingerprint=fingerprint)

    async def list(
        self,
        part: Part,
        *,
        person_id: str | None = None,
        kind: CredentialKind | None = None,
        matching: CredentialFilter = _EVERY,
    ) -> Listing[Credential]:
        holder_id = matching.holder.id if matching.holder is not None else person_id
        return await CREDENTIALS.list(
            self._session,
            part,
            holder_id=holder_id,
            holder_kind=None if matching.holder_kind is None else matching.holder_kind.value,
            kind=None if kind is None else kind.value,
            door_id=matching.door_id,
            ids=_texts(matching.ids),
            states=_texts(matching.states),
            card_types=_texts(matching.card_types),
            fingerprints=_texts(matching.fingerprints),
            identifier=_written(matching.identifier),
            origin=matching.origin,
            made_by=matching.made_by,
        )

    async def had(self, person_id: str, kind: CredentialKind) -> bool:
        found = await CREDENTIALS.find(self._session, ended=True, person_id=person_id, kind=kind.value)
        return found is not None

    async def newly_ended(self, most: int) -> tuple[Credential, ...]:
        return tuple(map(_read, await self._session.fetch(_NEWLY_ENDED, most=most)))

    async def computed(self, after: datetime) -> tuple[Credential, ...]:
        return tuple(map(_read, await self._session.fetch(COMPUTED, at=micros(after))))

    async def replace(self, credential: Credential) -> None:
        """Change it. Raises: AlreadyExists; NotFound for one that has ended, since ended is for good."""
        if credential.state is not CredentialState.ENDED:
            await self._refuse_collision(credential)
        await CREDENTIALS.replace(self._session, credential)
        await self._session.change(_FORGET_DOORS, credential_id=credential.id)
        await self._name_doors(credential)

    async def _refuse_collision(self, credential: Credential) -> None:
        for other in await self.sharing(credential.kind, credential.fingerprint):
            if other.id != credential.id and credential.collides_with(other):
                raise AlreadyExists(CREDENTIALS.kind, "fingerprint")

    async def _name_doors(self, credential: Credential) -> None:
        await self._session.insert_many(
            _ADD_DOORS,
            ({"door_id": door_id, "credential_id": credential.id} for door_id in sorted(credential.door_ids)),
        )


def _texts(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else [str(value) for value in values]


def _written(identifier: tuple[str, str] | None) -> str | None:
    """Give the pattern that finds an identifier in the text of all."""
    return None if identifier is None else pattern(canonical_json(list(identifier)).decode())
