"""The first organization of a store, as `rekey init` founds it."""

from dataclasses import dataclass

from rekey.app.adapters.secret_files import HOST_KEY_FILE
from rekey.app.bootstrap import Server, open_server
from rekey.app.errors import AlreadyInitialized
from rekey.app.settings import Settings
from rekey.operations.found_organization import FoundOrganization
from rekey.operations.found_with_keys import FoundedWithKeys, base58, found_with_keys
from rekey.webkit.key_file import write_private

_PASSWORD_LENGTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOrganization:
    """What `rekey init` asks; without a password one is made."""

    name: str = "Acme"
    domain: str = "acme"
    site: str = "HQ"
    time_zone: str = "Europe/Berlin"
    owner_name: str = "Owner"
    owner_email: str = "owner@acme.test"
    owner_password: str | None = None


async def init_store(settings: Settings, wanted: FirstOrganization) -> dict[str, dict[str, str]]:
    """Make the data directory and the store, and found the first organization in it.

    Raises: as `open_server` and `found_first`.
    """
    server = await open_server(settings, new=True, empty=True)
    try:
        return await found_first(server, wanted)
    finally:
        await server.close()


async def found_first(server: Server, wanted: FirstOrganization) -> dict[str, dict[str, str]]:
    """Found the store's first organization and give what is shown once; the host's own key goes into its file.

    Raises: AlreadyInitialized, Invalid, KeyFileRefused.
    """
    core = server.core
    if await core.store.directory.first_organization() is not None:
        raise AlreadyInitialized(server.settings.data)
    password = wanted.owner_password or base58(core.entropy, _PASSWORD_LENGTH)
    order = FoundOrganization(
        name=wanted.name,
        domain=wanted.domain,
        site_name=wanted.site,
        time_zone=wanted.time_zone,
        owner_name=wanted.owner_name,
        owner_email=wanted.owner_email,
        password_hash=await core.secrets.hash_password(password),
    )
    made = await found_with_keys(core, order, via="cli", sandbox=server.settings.sandbox)
    host_key = server.settings.data / "keys" / HOST_KEY_FILE
    # A key file without its organization is what an interrupted `init` leaves; its key opens nothing.
    host_key.unlink(missing_ok=True)
    write_private(host_key, made.keys.host.encode())
    return shown_once(made, password)


def shown_once(made: FoundedWithKeys, password: str) -> dict[str, dict[str, str]]:
    """Give the JSON of `rekey init`."""
    organization, site = made.founded.organization, made.founded.site
    return {
        "organization": {"id": organization.id, "name": organization.name, "domain": organization.domain},
        "site": {"id": site.id, "name": site.name},
        "owner": {"email": made.founded.owner.email or "", "password": password},
        "keys": {
            "seam": made.keys.seam,
            "kisi": made.keys.kisi,
            "rekey": made.keys.rekey,
            "scim": made.keys.scim,
        },
    }
