"""One organization as its repositories show it; each is made when it is first asked for."""

from collections.abc import Callable
from typing import Generic, TypeVar

from rekey.domain.ids import OrganizationId, Position
from rekey.ports.repositories.access import AccessRepository
from rekey.ports.repositories.documents import DocumentRepository
from rekey.ports.repositories.doors import ChangeRepository, DoorLogRepository, OrderRepository
from rekey.ports.repositories.estate import (
    DoorGroupRepository,
    DoorRepository,
    OrganizationRepository,
    ScheduleRepository,
    SiteRepository,
)
from rekey.ports.repositories.journal import JournalRepository, ReplayRepository
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
from rekey.storage.repositories.access import SqlAccess
from rekey.storage.repositories.blocks import SqlBlocks
from rekey.storage.repositories.changes import SqlChanges
from rekey.storage.repositories.conflicts import SqlConflicts
from rekey.storage.repositories.credentials import SqlCredentials
from rekey.storage.repositories.documents import SqlDocuments
from rekey.storage.repositories.door_groups import SqlDoorGroups
from rekey.storage.repositories.door_logs import SqlDoorLogs
from rekey.storage.repositories.doors import SqlDoors
from rekey.storage.repositories.enrolments import SqlEnrolments
from rekey.storage.repositories.grants import SqlGrants
from rekey.storage.repositories.journal import SqlJournal
from rekey.storage.repositories.keys import SqlKeys
from rekey.storage.repositories.operators import SqlOperators
from rekey.storage.repositories.orders import SqlOrders
from rekey.storage.repositories.organizations import SqlOrganizations
from rekey.storage.repositories.people import SqlPeople
from rekey.storage.repositories.replays import SqlReplays
from rekey.storage.repositories.revocations import SqlRevocations
from rekey.storage.repositories.schedules import SqlSchedules
from rekey.storage.repositories.sites import SqlSites
from rekey.storage.repositories.teams import SqlTeams
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
    people = _Made[PersonRepository](SqlPeople)
    teams = _Made[TeamRepository](SqlTeams)
    enrolments = _Made[EnrolmentRepository](SqlEnrolments)
    credentials = _Made[CredentialRepository](SqlCredentials)
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
    access = _Made[AccessRepository](SqlAccess)
    documents = _Made[DocumentRepository](SqlDocuments)

    def __init__(self, session: Session) -> None:
        self.session = session
        self.organization_id: OrganizationId = session.organization_id

    @property
    def position(self) -> Position:
        return self.session.position
