"""What people agreed to: that an application acts for them."""

from rekey.domain.consent import Consent
from rekey.storage.engine.row import Row
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.consents import consents
from rekey.storage.times import instant_of, micros


def _read(row: Row) -> Consent:
    return Consent(
        id=row.id,
        application_id=row.application_id,
        operator_id=row.operator_id,
        return_url=row.return_url,
        return_named=row.return_named,
        challenge=row.challenge,
        created_at=instant_of(row.created_at),
    )


def _write(consent: Consent) -> Values:
    return {
        "id": consent.id,
        "application_id": consent.application_id,
        "operator_id": consent.operator_id,
        "return_url": consent.return_url,
        "return_named": consent.return_named,
        "challenge": consent.challenge,
        "created_at": micros(consent.created_at),
    }


CONSENTS = Rows(consents, read=_read, write=_write, order="id")


class SqlConsents:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, consent: Consent) -> None:
        await CONSENTS.add(self._session, consent)

    async def get(self, consent_id: str) -> Consent | None:
        return await CONSENTS.get(self._session, consent_id)
