"""Bodies about applications, tiles and the gateway. Unknown members are ignored, null means absent."""

from msgspec import Struct, field


class CallToAction(Struct, rename="camel"):
    """What a mail of the application invites to; all of it or none."""

    action_target: str
    headline: str
    action_text: str


class EmailPreferences(Struct, rename="camel", omit_defaults=True):
    """How mails of the application look; what is not named stays."""

    sender_email: str | None = None
    sender_name: str | None = None
    primary_colour: str | None = None
    secondary_colour: str | None = None
    only_send_essential_emails: bool | None = None
    call_to_action: CallToAction | None = None


class ApplicationFields(Struct, rename="camel", omit_defaults=True):
    """POST /platform/application/{id}: what is not named stays."""

    name: str | None = None
    company_name: str | None = None
    mailing_address: str | None = None
    privacy_policy: str | None = None
    support_contact: str | None = None
    app_link: str | None = None
    logo_url: str | None = None
    email_preferences: EmailPreferences | None = None


class NewApplication(Struct, rename="camel", omit_defaults=True):
    """POST /platform/application."""

    name: str
    company_name: str
    mailing_address: str
    privacy_policy: str | None = None
    support_contact: str | None = None
    app_link: str | None = None
    logo_url: str | None = None
    email_preferences: EmailPreferences | None = None


class LogoRequest(Struct, rename="camel"):
    """POST /platform/application/{id}/logo."""

    content_type: str


class UrlBody(Struct):
    """An issuer or an origin."""

    url: str


class OwnerBody(Struct, rename="camel"):
    """An owner of an application."""

    user_id: str


class JsonWebKey(Struct):
    """POST /platform/application/{id}/auth/key; the rest of the key is read member by member."""

    kty: str
    kid: str


class TileDoors(Struct, rename="camel"):
    """PUT /tile/{id}: the whole list."""

    site_id: str
    devices: list[str]


class GatewayController(Struct):
    """A controller of the gateway; only the type `demo` is served."""

    type: str
    port: int | None = None


class GatewayDoor(Struct, rename="camel"):
    """POST /api/configuration/enable."""

    name: str
    site_id: str
    key: GatewayController = field()


class GatewayLogin(Struct):
    """POST /api/auth/token."""

    email: str
    password: str


class GatewayDiscovery(Struct):
    """POST /api/configuration: a flat map of texts, of which the gateway reads two."""

    type: str
    port: str | None = None


class OldRegistration(Struct, rename="camel"):
    """POST /device of old clients."""

    key: str
    name: str
