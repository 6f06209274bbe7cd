"""The Doordeck dialect as one ASGI app."""

from rekey.dialects.doordeck.account_keys import AccountKeys
from rekey.dialects.doordeck.cors import CrossOriginApp
from rekey.dialects.doordeck.keyring import Keyring
from rekey.dialects.doordeck.kit import Kit
from rekey.dialects.doordeck.policy import DoordeckPolicy
from rekey.dialects.doordeck.routes import make_routes
from rekey.operations.use_door import Services
from rekey.webkit.app import AppOptions, DialectApp
from rekey.webkit.route import RouteTable
from rekey.webkit.settings import DialectSettings


def build(services: Services, settings: DialectSettings) -> DialectApp:
    """Build the app that is mounted at /doordeck; its keys on disk are made on first need."""
    core = services.core
    keyring = Keyring(settings, core.clock)
    kit = Kit(services=services, settings=settings, keyring=keyring, account_keys=AccountKeys(core))
    return CrossOriginApp(
        RouteTable(make_routes(kit)),
        DoordeckPolicy(services, keyring, settings),
        AppOptions(trailing_slash=True),
        core.store.directory,
    )
