"""The durable store: acts through the one writer, reads beside it."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from rekey.domain.application import UrlKind
from rekey.domain.ids import ApplicationId, Number, OrganizationId, Position
from rekey.domain.journal import JournalRow
from rekey.ports.repositories.access import AccessRepository
from rekey.ports.repositories.accounts import (
    ChallengeRepository,
    OutboxRepository,
    SecondFactorRepository,
)
from rekey.ports.repositories.applications import ApplicationRepository, ForeignAccountRepository
from rekey.ports.repositories.bulk import BulkRepository
from rekey.ports.repositories.bundles import (
    BundleRepository,
    DoorCodeRepository,
    MediumRepository,
    TakeoverRepository,
)
from rekey.ports.repositories.calendar import CalendarRepository, DoorHoursRepository
from rekey.ports.repositories.consents import ConsentRepository
from rekey.ports.repositories.directory import DirectoryEntryRepository, DirectoryStateRepository
from rekey.ports.repositories.documents import DocumentRepository
from rekey.ports.repositories.doors import (
    ChangeRepository,
    DoorContactRepository,
    DoorLogRepository,
    OrderRepository,
)
from rekey.ports.repositories.estate import (
    DoorGroupRepository,
    DoorRepository,
    OrganizationRepository,
    ScheduleRepository,
    SiteRepository,
)
from rekey.ports.repositories.files import FileRepository
from rekey.ports.repositories.handovers import HandoverRepository
from rekey.ports.repositories.history import HistoryRepository
from rekey.ports.repositories.journal import JournalRepository, ReplayRepository
from rekey.ports.repositories.links import LinkRepository
from rekey.ports.repositories.operators import KeyRepository, OperatorRepository
from rekey.ports.repositories.people import (
    CredentialRepository,
    EnrolmentRepository,
    PersonRepository,
    TeamRepository,
)
from rekey.ports.repositories.rights import (
    BlockRepository,
    ConflictRepository,
    GrantRepository,
    RevocationRepository,
)
from rekey.ports.repositories.subscriptions import DeliveryRepository, SubscriptionRepository
from rekey.ports.repositories.upstreams import (
    ClientSessionRepository,
    MergedPersonRepository,
    UpstreamRepository,
)

T = TypeVar("T")


class View(Protocol):
    """One organization as it stands at one moment; nothing of another organization can be reached."""

    organization_id: OrganizationId
    organizations: OrganizationRepository
    sites: SiteRepository
    doors: DoorRepository
    door_groups: DoorGroupRepository
    schedules: ScheduleRepository
    calendar: CalendarRepository
    door_hours: DoorHoursRepository
    people: PersonRepository
    teams: TeamRepository
    enrolments: EnrolmentRepository
    credentials: CredentialRepository
    links: LinkRepository
    grants: GrantRepository
    revocations: RevocationRepository
    blocks: BlockRepository
    conflicts: ConflictRepository
    operators: OperatorRepository
    keys: KeyRepository
    orders: OrderRepository
    door_logs: DoorLogRepository
    changes: ChangeRepository
    replays: ReplayRepository
    journal: JournalRepository
    bundles: BundleRepository
    media: MediumRepository
    takeovers: TakeoverRepository
    door_codes: DoorCodeRepository
    door_contacts: DoorContactRepository
    upstreams: UpstreamRepository
    client_sessions: ClientSessionRepository
    merged_people: MergedPersonRepository
    access: AccessRepository
    history: HistoryRepository
    subscriptions: SubscriptionRepository
    deliveries: DeliveryRepository
    documents: DocumentRepository
    files: FileRepository
    directory: DirectoryStateRepository
    directory_entries: DirectoryEntryRepository
    handovers: HandoverRepository
    bulk: BulkRepository
    applications: ApplicationRepository
    foreign_accounts: ForeignAccountRepository
    consents: ConsentRepository
    challenges: ChallengeRepository
    second_factors: SecondFactorRepository
    outbox: OutboxRepository

    @property
    def position(self) -> Position:
        """The newest position that this view includes; in an act, the act's own."""
        ...


class UnitOfWork(View, Protocol):
    """One act: all of it or nothing, at one position.

    Every row that a repository writes carries the act's position. Exactly one journal row must be
    recorded before the act returns; the store refuses to commit an act without one.
    """

    def next_number(self) -> Number:
        """Give the next short name of a thing in this organization; given back if the act fails."""
        ...

    def next_numbers(self, count: int) -> Number:
        """Give so many at once that follow each other, by the first of them."""
        ...

    async def record(self, row: JournalRow) -> None:
        """Add the act's journal row. Raises: RuntimeError on a second call."""
        ...

    def keep_books(self) -> None:
        """Declare that this act only keeps books (a lease, a confirmation, a door log brought forward).

        Such an act follows from acts already in the journal: it uses no position and records no row.
        """
        ...

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Run a cheap callable on the server's loop after the commit and before the caller's reply."""
        ...


class Directory(Protocol):
    """The few questions that come before an organization is known."""

    async def first_organization(self) -> OrganizationId | None: ...

    async def organization_named(self, domain: str) -> OrganizationId | None: ...

    async def organization_of_key(self, secret_fingerprint: str) -> OrganizationId | None:
        """Find whose key this is, also for an ended key (the operation then refuses it)."""
        ...

    async def applications_with(
        self, kind: UrlKind, url: str
    ) -> tuple[tuple[OrganizationId, ApplicationId], ...]:
        """Find which applications of the server name this issuer or origin."""
        ...

    async def subscribed_organizations(self) -> tuple[OrganizationId, ...]:
        """Give those with a receiver that is to be told of events."""
        ...

    async def all_organizations(self) -> tuple[OrganizationId, ...]: ...


class Store(Protocol):
    """Acts are serialized per organization and acknowledged after the durable commit."""

    @property
    def directory(self) -> Directory: ...

    async def act(self, organization_id: OrganizationId, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """Run the work in one act and give its result once it is durable.

        Whatever the work raises is raised here and nothing of it is kept. The work may run again after a
        lost serialization race, so it must not touch anything but its unit of work.
        Raises: StoreUnavailable if the act could not be made durable.
        """
        ...

    async def read(self, organization_id: OrganizationId, work: Callable[[View], Awaitable[T]]) -> T:
        """Run the work on one consistent view that includes every act acknowledged before the call."""
        ...
