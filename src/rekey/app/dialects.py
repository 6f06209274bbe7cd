"""Which wire APIs are here, and where each is mounted."""

import importlib
import importlib.util
from collections.abc import Collection, Mapping

from rekey.app.errors import SettingRefused
from rekey.app.vhosts import VirtualHost
from rekey.operations.use_door import Services
from rekey.webkit.asgi import ASGIApp
from rekey.webkit.mount import HostMount
from rekey.webkit.settings import DialectSettings

PREFIXES: Mapping[str, str] = {
    "native": "/api/v1",
    "doordeck": "/doordeck",
    "seam": "/seam",
    "kisi": "/kisi",
    "scim": "/scim/v2",
}


def build_dialects(
    services: Services, settings: DialectSettings, names: Collection[str] = tuple(PREFIXES)
) -> dict[str, ASGIApp]:
    """Build the app of every dialect whose package is installed; one that is missing is left out."""
    return {
        name: importlib.import_module(module).build(services, settings)
        for name in names
        if _is_there(module := f"rekey.dialects.{name}.app")
    }


def mount_hosts(vhosts: tuple[VirtualHost, ...], apps: Mapping[str, ASGIApp]) -> dict[str, HostMount]:
    """Give each virtual host its app. Raises: SettingRefused for a dialect that is not here."""
    for vhost in vhosts:
        if vhost.dialect not in apps:
            raise SettingRefused("vhosts", f"{vhost.dialect!r} is none of: {', '.join(sorted(apps))}")
    return {
        vhost.host: HostMount(app=apps[vhost.dialect], organization=vhost.organization) for vhost in vhosts
    }


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
