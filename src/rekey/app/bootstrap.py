"""One server put together from its settings: store, core, drivers, dialects, worker."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from argon2 import PasswordHasher

from rekey.app.adapters.holidays import WorldHolidays
from rekey.app.adapters.machine import SystemClock, SystemEntropy
from rekey.app.adapters.notifier import ConsoleNotifier, LogNotifier
from rekey.app.adapters.paper import PaperPrinter
from rekey.app.adapters.secret_files import JOURNAL_FILE, FileSecrets, make_keys, read_keys
from rekey.app.adapters.sms import MailAndSms, SmsGateway
from rekey.app.adapters.smtp import SmtpNotifier, parse_mail_url
from rekey.app.deliveries import DeliveryWorker, Sender
from rekey.app.dialects import PREFIXES, build_dialects
from rekey.app.errors import NotInitialized
from rekey.app.housekeeping import Housekeeper
from rekey.app.http import Checks, build_http
from rekey.app.plugins import load_drivers
from rekey.app.postman import Postman
from rekey.app.receivers import make_outgoing, refuse_receiver
from rekey.app.reports import ReportWorker
from rekey.app.settings import Settings
from rekey.app.workers import DoorWorker
from rekey.domain.ids import OrganizationId
from rekey.operations.core import Core
from rekey.operations.door_log_runner import DoorLogRunner
from rekey.operations.feeds import Feeds
from rekey.operations.import_runner import ImportRunner
from rekey.operations.order_runner import OrderRunner
from rekey.operations.report_maker import ReportMaker
from rekey.operations.use_door import Services
from rekey.ports.clock import Clock
from rekey.ports.door_driver import ComputesCodes, DoorDriver
from rekey.ports.entropy import Entropy
from rekey.ports.holidays import HolidayCalendars
from rekey.ports.notifier import Notifier
from rekey.ports.secrets import JournalSigner
from rekey.storage.store import SqlStore, open_store
from rekey.webkit.asgi import ASGIApp
from rekey.webkit.attempt_limit import AttemptLimit
from rekey.webkit.outgoing import Outgoing
from rekey.webkit.settings import DialectSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a test or a demonstration puts in place of this machine's own."""

    clock: Clock = field(default_factory=SystemClock)
    entropy: Entropy = field(default_factory=SystemEntropy)
    hasher: PasswordHasher | None = None
    drivers: Mapping[str, DoorDriver] | None = None
    holidays: HolidayCalendars = field(default_factory=WorldHolidays)
    sender: Sender | None = None
    notifier: Notifier | None = None
    dialects: Collection[str] = tuple(PREFIXES)


class Bell:
    """Rung after every change of access and every new notice; connected to the workers once they are there."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[OrganizationId], None]] = []

    def __call__(self, organization_id: OrganizationId) -> None:
        for listener in self.listeners:
            listener(organization_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """An open server. `app` answers requests at once; doors are served after `worker.start`.

    Receivers are told of events after `deliveries.start`.
    """

    settings: Settings
    store: SqlStore
    core: Core
    services: Services
    worker: DoorWorker
    deliveries: DeliveryWorker
    postman: Postman
    reports: ReportWorker
    app: ASGIApp
    secrets: FileSecrets
    journal_key: bytes
    dialects: frozenset[str]

    async def close(self) -> None:
        """Finish the orders and the doors under way, then the acts that are queued."""
        await self.services.imports.close()
        await self.services.orders.close()
        await self.worker.close()
        await self.deliveries.close()
        await self.postman.close()
        await self.reports.close()
        await self.store.close()
        self.secrets.close()


_THIS_MACHINE = Parts()


async def open_server(
    settings: Settings, *, parts: Parts = _THIS_MACHINE, new: bool = False, empty: bool = False
) -> Server:
    """Open the store and put the server together.

    Takes: new, make the key files that are missing; empty, do not ask for an organization.
    Raises: SetupError, StoreNotOpened, StoreUnavailable, KeyFileRefused.
    """
    if new:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_keys(settings.data)
    keys = read_keys(settings.data)
    drivers = load_drivers(settings.drivers, parts.clock) if parts.drivers is None else parts.drivers
    store = await open_store(settings.store, keys.signer)
    try:
        if not empty and await store.directory.first_organization() is None:
            raise NotInitialized(settings.data, "the store is empty")
        secrets = FileSecrets(pepper=keys.pepper, seal_key=keys.seal_key, hasher=parts.hasher)
        for driver in drivers.values():
            if isinstance(driver, ComputesCodes):
                driver.pair(secrets.fingerprint)
        return _assemble(settings, parts, store, secrets=secrets, drivers=drivers, signer=keys.signer)
    except BaseException:
        await store.close()
        raise


def _assemble(
    settings: Settings,
    parts: Parts,
    store: SqlStore,
    *,
    secrets: FileSecrets,
    drivers: Mapping[str, DoorDriver],
    signer: JournalSigner,
) -> Server:
    bell = Bell()
    outgoing = make_outgoing(settings)
    core = Core(
        store=store,
        clock=parts.clock,
        entropy=parts.entropy,
        secrets=secrets,
        signer=signer,
        notifier=parts.notifier or make_notifier(settings, outgoing),
        attempts=AttemptLimit(),
        drivers=drivers,
        holidays=parts.holidays,
        on_change=bell,
    )
    lease = timedelta(minutes=settings.lease_minutes)
    services = _make_services(core, outgoing, lease)
    worker = DoorWorker(core, services.orders, services.logs, lease=lease)
    bell.listeners.append(worker.wake)
    house = Housekeeper(core, services.orders)
    deliveries = DeliveryWorker(core, services.feeds, house, parts.sender or outgoing)
    postman = Postman(core, house)
    bell.listeners.append(postman.wake)
    reports = ReportWorker(core, ReportMaker(core, services.reports, PaperPrinter()), house)
    bell.listeners.append(reports.wake)
    dialects = build_dialects(services, _for_dialects(settings, core.notifier), parts.dialects)
    return Server(
        settings=settings,
        store=store,
        core=core,
        services=services,
        worker=worker,
        deliveries=deliveries,
        postman=postman,
        reports=reports,
        app=build_http(settings, dialects, _checks_of(settings, store)),
        secrets=secrets,
        journal_key=signer.public_key,
        dialects=frozenset(dialects),
    )


def _checks_of(settings: Settings, store: SqlStore) -> Checks:
    return Checks(
        writable=lambda: store.available,
        data=settings.data,
        signing_key=settings.data / "keys" / JOURNAL_FILE,
    )


def _make_services(core: Core, outgoing: Outgoing, lease: timedelta) -> Services:
    return Services(
        core=core,
        orders=OrderRunner(core),
        logs=DoorLogRunner(core, lease=lease),
        imports=ImportRunner(core),
        feeds=Feeds(refuse_receiver(outgoing)),
    )


def make_notifier(settings: Settings, outgoing: Outgoing) -> Notifier:
    """Give what the settings `mail` and `sms_url` name."""
    mail = _make_mail(settings)
    if settings.sms_url is not None:
        return MailAndSms(mail, SmsGateway(outgoing, settings.sms_url, settings.sms_token))
    # On a terminal also what is for a phone can be read.
    return mail if isinstance(mail, ConsoleNotifier) else MailAndSms(mail, None)


def _make_mail(settings: Settings) -> Notifier:
    """Give what the setting `mail` names; without it a sandbox shows notices on its terminal."""
    if settings.mail is None:
        return ConsoleNotifier() if settings.sandbox else LogNotifier()
    match settings.mail:
        case "none":
            return LogNotifier()
        case "console":
            return ConsoleNotifier()
        case url:
            return SmtpNotifier(parse_mail_url(url), settings.mail_sender)


def _for_dialects(settings: Settings, notifier: Notifier) -> DialectSettings:
    return DialectSettings(
        data=settings.data,
        public_url=settings.public_url,
        trusted_proxies=settings.trusted_proxies,
        registration=settings.registration,
        calls_per_second=settings.calls_per_second,
        sandbox=settings.sandbox,
        door_calls_limited=settings.door_calls_limited,
        sends_mail=notifier.reaches_people,
        second_factor=_wants_second_factor(settings, notifier),
    )


def _wants_second_factor(settings: Settings, notifier: Notifier) -> bool:
    """A code that reaches nobody would keep everybody from a second phone."""
    if settings.key_second_factor == "auto":
        return notifier.reaches_people
    return settings.key_second_factor == "on"
