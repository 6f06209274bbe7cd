"""Names for identifiers, so that a person's id can never stand where a door's id is due.

Every id is a lower-case UUID as text. A `Position` is an act's place in the one total order of its
organization; a `Number` is the short integer name of a thing within its organization.
"""

from typing import NewType

OrganizationId = NewType("OrganizationId", str)
SiteId = NewType("SiteId", str)
DoorId = NewType("DoorId", str)
DoorGroupId = NewType("DoorGroupId", str)
PersonId = NewType("PersonId", str)
TeamId = NewType("TeamId", str)
EnrolmentId = NewType("EnrolmentId", str)
OperatorId = NewType("OperatorId", str)
ApplicationId = NewType("ApplicationId", str)
KeyId = NewType("KeyId", str)
ConsentId = NewType("ConsentId", str)
CredentialId = NewType("CredentialId", str)
LinkId = NewType("LinkId", str)
GrantId = NewType("GrantId", str)
RevocationId = NewType("RevocationId", str)
BlockId = NewType("BlockId", str)
ScheduleId = NewType("ScheduleId", str)
CalendarRuleId = NewType("CalendarRuleId", str)
OrderId = NewType("OrderId", str)
Position = NewType("Position", int)
Number = NewType("Number", int)
