"""The Kisi dialect as one ASGI app."""

from rekey.dialects.kisi.event_feed import FORM, KisiForm
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.limits import CallLimits
from rekey.dialects.kisi.policy import KisiPolicy
from rekey.dialects.kisi.report_links import ReportLinks
from rekey.dialects.kisi.reporters import KisiReports
from rekey.dialects.kisi.routes import make_routes
from rekey.operations.use_door import Services
from rekey.webkit.app import AppOptions, DialectApp, build_app
from rekey.webkit.settings import DialectSettings


def build(services: Services, settings: DialectSettings) -> DialectApp:
    """Build the app that is mounted at /kisi or at the root of a host."""
    services.feeds.register(FORM, KisiForm())
    core = services.core
    services.reports.register(FORM, KisiReports(ReportLinks(core.secrets), core.clock))
    return build_app(
        make_routes(Kit(services, settings)),
        dialect=KisiPolicy(services, CallLimits(settings.calls_per_second)),
        options=AppOptions(trailing_slash=True),
    )
