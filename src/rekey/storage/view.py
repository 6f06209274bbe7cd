"""One organization as its repositories show it; each is made when it is first asked for."""

from collections.abc import Callable
from typing import Generic, TypeVar

from rekey.domain.ids import OrganizationId, Position
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
from rekey.storage.repositories.access import SqlAccess
from rekey.storage.repositories.applications import SqlApplications, SqlForeignAccounts
from rekey.storage.repositories.blocks import SqlBlocks
from rekey.storage.repositories.bulk import SqlBulk
from rekey.storage.repositories.bundles import SqlBundles, SqlMedia, SqlTakeovers
from rekey.storage.repositories.calendar import SqlCalendar
from rekey.storage.repositories.challenges import SqlChallenges
from rekey.storage.repositories.changes import SqlChanges
from rekey.storage.repositories.client_sessions import SqlClientSessions
from rekey.storage.repositories.conflicts import SqlConflicts
from rekey.storage.repositories.consents import SqlConsents
from rekey.storage.repositories.credentials import SqlCredentials
from rekey.storage.repositories.directory import SqlDirectoryEntries, SqlDirectoryStates
from rekey.storage.repositories.documents import SqlDocuments
from rekey.storage.repositories.door_codes import SqlDoorCodes
from rekey.storage.repositories.door_contacts import SqlDoorContacts
from rekey.storage.repositories.door_groups import SqlDoorGroups
from rekey.storage.repositories.door_hours import SqlDoorHours
from rekey.storage.repositories.door_logs import SqlDoorLogs
from rekey.storage.repositories.doors import SqlDoors
from rekey.storage.repositories.enrolments import SqlEnrolments
from rekey.storage.repositories.files import SqlFiles
from rekey.storage.repositories.grants import SqlGrants
from rekey.storage.repositories.handovers import SqlHandovers
from rekey.storage.repositories.history import SqlHistory
from rekey.storage.repositories.journal import SqlJournal
from rekey.storage.repositories.keys import SqlKeys
from rekey.storage.repositories.links import SqlLinks
from rekey.storage.repositories.merged_people import SqlMergedPeople
from rekey.storage.repositories.operators import SqlOperators
from rekey.storage.repositories.orders import SqlOrders
from rekey.storage.repositories.organizations import SqlOrganizations
from rekey.storage.repositories.outbox import SqlOutbox
from rekey.storage.repositories.people import SqlPeople
from rekey.storage.repositories.replays import SqlReplays
from rekey.storage.repositories.revocations import SqlRevocations
from rekey.storage.repositories.schedules import SqlSchedules
from rekey.storage.repositories.second_factors import SqlSecondFactors
from rekey.storage.repositories.sites import SqlSites
from rekey.storage.repositories.subscriptions import SqlDeliveries, SqlSubscriptions
from rekey.storage.repositories.teams import SqlTeams
from rekey.storage.repositories.upstreams import SqlUpstreams
from rekey.storage.session import Session

R = TypeVar("R")


class _Made(Generic[R]):
    """An attribute that is made on its first use and kept: most work needs three repositories of all."""

    def __init__(self, make: Callable[[Session], R]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, view: "SqlView", owner: type) -> R:
        made = self._make(view.session)
        view.__dict__[self._name] = made
        return made


class SqlView:
    """Reads, and in an act also writes, through one session."""

    organizations = _Made[OrganizationRepository](SqlOrganizations)
    sites = _Made[SiteRepository](SqlSites)
    doors = _Made[DoorRepository](SqlDoors)
    door_groups = _Made[DoorGroupRepository](SqlDoorGroups)
    schedules = _Made[ScheduleRepository](SqlSchedules)
    calendar = _Made[CalendarRepository](SqlCalendar)
    door_hours = _Made[DoorHoursRepository](SqlDoorHours)
    people = _Made[PersonRepository](SqlPeople)
    teams = _Made[TeamRepository](SqlTeams)
    enrolments = _Made[EnrolmentRepository](SqlEnrolments)
    credentials = _Made[CredentialRepository](SqlCredentials)
    links = _Made[LinkRepository](SqlLinks)
    grants = _Made[GrantRepository](SqlGrants)
    revocations = _Made[RevocationRepository](SqlRevocations)
    blocks = _Made[BlockRepository](SqlBlocks)
    conflicts = _Made[ConflictRepository](SqlConflicts)
    operators = _Made[OperatorRepository](SqlOperators)
    keys = _Made[KeyRepository](SqlKeys)
    orders = _Made[OrderRepository](SqlOrders)
    door_logs = _Made[DoorLogRepository](SqlDoorLogs)
    changes = _Made[ChangeRepository](SqlChanges)
    replays = _Made[ReplayRepository](SqlReplays)
    journal = _Made[JournalRepository](SqlJournal)
    bundles = _Made[BundleRepository](SqlBundles)
    media = _Made[MediumRepository](SqlMedia)
    takeovers = _Made[TakeoverRepository](SqlTakeovers)
    door_codes = _Made[DoorCodeRepository](SqlDoorCodes)
    door_contacts = _Made[DoorContactRepository](SqlDoorContacts)
    upstreams = _Made[UpstreamRepository](SqlUpstreams)
    client_sessions = _Made[ClientSessionRepository](SqlClientSessions)
    merged_people = _Made[MergedPersonRepository](SqlMergedPeople)
    access = _Made[AccessRepository](SqlAccess)
    history = _Made[HistoryRepository](SqlHistory)
    subscriptions = _Made[SubscriptionRepository](SqlSubscriptions)
    deliveries = _Made[DeliveryRepository](SqlDeliveries)
    documents = _Made[DocumentRepository](SqlDocuments)
    files = _Made[FileRepository](SqlFiles)
    directory = _Made[DirectoryStateRepository](SqlDirectoryStates)
    directory_entries = _Made[DirectoryEntryRepository](SqlDirectoryEntries)
    handovers = _Made[HandoverRepository](SqlHandovers)
    bulk = _Made[BulkRepository](SqlBulk)
    applications = _Made[ApplicationRepository](SqlApplications)
    foreign_accounts = _Made[ForeignAccountRepository](SqlForeignAccounts)
    consents = _Made[ConsentRepository](SqlConsents)
    challenges = _Made[ChallengeRepository](SqlChallenges)
    second_factors = _Made[SecondFactorRepository](SqlSecondFactors)
    outbox = _Made[OutboxRepository](SqlOutbox)

    def __init__(self, session: Session) -> None:
        self.session = session
        self.organization_id: OrganizationId = session.organization_id

    @property
    def position(self) -> Position:
        return self.session.position
