"""The Kisi dialect as one ASGI app."""

from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.policy import KisiPolicy
from rekey.dialects.kisi.routes import make_routes
from rekey.operations.use_door import Services
from rekey.webkit.app import AppOptions, DialectApp, build_app
from rekey.webkit.settings import DialectSettings


def build(services: Services, _settings: DialectSettings) -> DialectApp:
    """Build the app that is mounted at /kisi or at the root of a host."""
    return build_app(
        make_routes(Kit(services)), dialect=KisiPolicy(services), options=AppOptions(trailing_slash=True)
    )
