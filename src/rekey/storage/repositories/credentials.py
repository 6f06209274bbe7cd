"""Credentials."""

import sqlalchemy as sa

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import equals
from rekey.storage.engine.row import Row
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables import credentials
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none, validity_of


def _read(row: Row) -> Credential:
    return Credential(
        id=row.id,
        number=row.number,
        person_id=row.person_id,
        kind=CredentialKind(row.kind),
        fingerprint=row.fingerprint,
        label=row.label,
        public_part=row.public_part,
        sealed_part=row.sealed_part,
        state=CredentialState(row.state),
        validity=validity_of(row.valid_from, row.valid_until),
        created_at=instant_of(row.created_at),
        ended_at=instant_or_none(row.ended_at),
    )


def _write(credential: Credential) -> Values:
    return {
        "id": credential.id,
        "number": credential.number,
        "person_id": credential.person_id,
        "kind": credential.kind.value,
        "fingerprint": credential.fingerprint,
        "label": credential.label,
        "public_part": credential.public_part,
        "sealed_part": credential.sealed_part,
        "state": credential.state.value,
        "valid_from": micros_or_none(credential.validity.start),
        "valid_until": micros_or_none(credential.validity.end),
        "created_at": micros(credential.created_at),
        "ended_at": micros_or_none(credential.ended_at),
    }


# Written out, not bound, so that it is the same condition as that of the unique index.
_HELD = sa.text("credentials.state <> 'ended'")
CREDENTIALS = Rows(
    credentials,
    read=_read,
    write=_write,
    alive=_HELD,
    unique=(("kind", "fingerprint"),),
    filters={
        "person_id": equals(credentials.c.person_id, "person_id"),
        "kind": equals(credentials.c.kind, "kind"),
    },
)


class SqlCredentials:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, credential: Credential) -> None:
        await CREDENTIALS.add(self._session, credential)

    async def get(self, credential_id: str) -> Credential | None:
        return await CREDENTIALS.get(self._session, credential_id, ended=True)

    async def by_fingerprint(self, kind: CredentialKind, fingerprint: str) -> Credential | None:
        return await CREDENTIALS.find(self._session, ended=True, kind=kind.value, fingerprint=fingerprint)

    async def list(
        self, part: Part, *, person_id: str | None = None, kind: CredentialKind | None = None
    ) -> Listing[Credential]:
        return await CREDENTIALS.list(
            self._session, part, person_id=person_id, kind=None if kind is None else kind.value
        )

    async def replace(self, credential: Credential) -> None:
        """Change it. Raises: NotFound for one that has ended, since ended is for good."""
        await CREDENTIALS.replace(self._session, credential)
