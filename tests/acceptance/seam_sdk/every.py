"""The whole walk, in the order in which things are made, used and ended."""

from tests.acceptance.seam_sdk import access, accounts, credentials, doors, people
from tests.acceptance.seam_sdk.step import Step

STEPS: tuple[Step, ...] = (
    *accounts.WORKSPACES,
    *doors.DOORS,
    *doors.LOCKS,
    *people.PEOPLE,
    *people.USERS,
    *people.SYSTEMS,
    *accounts.SESSIONS,
    *accounts.SPACES,
    *accounts.CUSTOMERS,
    *access.CODES,
    *access.UNMANAGED_CODES,
    *credentials.ENCODERS,
    *access.GRANTS,
    *access.METHODS,
    *credentials.CREDENTIALS,
    *credentials.PHONES,
    *credentials.KEYPADS,
    *doors.SIMULATED,
    *accounts.ACCOUNTS,
    *people.LEAVING,
    *doors.REMOVED,
    *accounts.FEEDS,
    *accounts.RESET,
)
