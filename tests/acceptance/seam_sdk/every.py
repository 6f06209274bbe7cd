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
# Not about access: no driver here offers it, so the lists are empty and the rest is refused.
ELSEWHERE = ("/cameras/", "/media/", "/noise_sensors/", "/thermostats/")
# Nobody and nothing here is foreign in this sense, so one can only be told that there is none.
NEVER_THERE = frozenset(
    {
        "/access_grants/unmanaged/get",
        "/access_grants/unmanaged/update",
        "/access_methods/unmanaged/get",
        "/user_identities/unmanaged/get",
        "/user_identities/unmanaged/update",
    }
)
