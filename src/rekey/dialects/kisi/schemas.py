"""What every route answers: each object with exactly its keys. Source: the sections of the contract beside them."""

from collections.abc import Mapping
from typing import Final

_STAMPS = "created_at:time updated_at:time"
_HEAD = f"id:int resource_type:str {_STAMPS}"
_ENABLED = "password_flow_enabled:bool access_enabled:bool scim_access_enabled:bool last_accessed_at:time?"
_ACCOUNT = (
    "notifications_unread_count:int otp_required_for_login:bool otp_enabled_at:time? image:str? "
    "primary_login_exists:bool"
)
_LOGIN = (
    f"id:int {_STAMPS} type:'api|device' name:str? primary:bool expire:bool last_used_at:time? "
    "device_brand:str? device_model:str? os_name:str? user_id:int? user?:@UserRef app:@Version "
    "user_agent:@Version device:@Device os:@Version"
)
_ORGANIZATION = (
    f"{_HEAD} name:str domain:str logo:str? address:str? description:str? device_logins_expire_after:int? "
    "places_count:int scim_enabled:bool sso_flow_enabled:bool sso_expiration_override_enabled:bool "
    "sso_expiration_override:int? metadata:str? time_zone:str web_authentication_api_enabled:bool "
    "apple_pass_enabled:bool user_id:int? transfer_to_id:int? transfer_to?:@UserRef image:str? color:str?"
)
_PIN = "two_factor_pin{0}:str? send_two_factor_pin_notification{0}:bool"
_MAKER = "created_by_type:'User|MarketplaceInstallation'? created_by_id:int?"
_LOCK = (
    "id:int configured:bool description:str? locked_down:bool locked_down_since:time? name:str online:bool? "
    "open:bool unlocked:bool unlocked_until:time? place_id:int place:@PlaceRef"
)
_PLACE = (
    "id:int resource_type:'Place' name:str description:str? latitude:num? longitude:num? address:str image:str? "
    "time_zone:str? color:str? logo:str?"
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"

# By the name under which a route or another object refers to it.
OBJECTS: Final[Mapping[str, str]] = {
    # Of section 1: nested references.
    "Ref": "id:int resource_type:str name:str",
    "UserRef": "id:int resource_type:str name:str email:str",
    "PersonRef": "id:int resource_type:str name:str email:str? phone_number?:str?",
    "PlaceRef": "id:int resource_type:'Place' name:str latitude:num? longitude:num?",
    "OrganizationRef": "id:int resource_type:'Organization' name:str domain:str",
    "LockRef": "id:int resource_type:'Lock' name:str description:str?",
    "FloorRef": "id:int resource_type:'Floor' name:str number:int",
    "MemberUser": "id:int resource_type:'User' name:str email:str otp_required_for_login:bool",
    "AnyRef": "id:int resource_type:str name:str email?:str? phone_number?:str? domain?:str",
    "Version": "name:str? version:str?",
    "Device": "brand:str? model:str?",
    # Of section 2: logins and the account.
    "Login": f"{_LOGIN} scram_credentials?:map?",
    "NewLogin": (
        f"{_LOGIN} scram_credentials:map? secret:str authentication_token:str has_primary_device:bool email:str? "
        + _ACCOUNT
    ),
    "CurrentUser": (
        f"{_HEAD} name:str email:str locale:str? {_ACCOUNT} announcements_last_seen_at:time? last_read_at:map? "
        "notes:str? organization_id:int organization:@OrganizationRef"
    ),
    "OtpSecret": "otp_secret:str uri:str",
    "OfflineCertificate": "offline_certificate:str",
    "Tokens": "access_token:str token_type:'Bearer' expires_in:int refresh_token:str created_at:int",
    "BackupCodes": "backup_codes:[str]",
    # Of section 3: people.
    "User": (
        f"{_HEAD} name:str email:str metadata:map image:str? otp_required_for_login:bool {_ENABLED} notes:str? "
        "organization_id:int confirmed:bool groups_count:int"
    ),
    "Member": (
        f"{_HEAD} name:str image:str? {_ENABLED} role_id:str? notes:str? metadata:map organization_id:int? "
        "user_id:int user:@MemberUser place_id:int? shares_count:int confirmed:bool"
    ),
    "Guest": f"{_HEAD} name:str email:str? phone_number:str?",
    "Team": f"{_HEAD} name:str",
    "TeamMembership": (
        f"{_HEAD} team_id:int team:@Ref member_type:'User|Guest' member_id:int member:@PersonRef"
    ),
    "Invite": (
        f"{_HEAD} notify:bool invites_to_type:'Place|Group|Team' invites_to_id:int invitee_type:'User|Guest' "
        "invitee_id:int invitee:@PersonRef"
    ),
    # Of section 4: roles and rights.
    "Role": (
        "id:str resource_type:'Role' applies_to:'Organization|Place|Group' name:str description:str? custom:bool "
        "permissions:map custom_role_id:int?"
    ),
    "RoleAssignment": (
        f"{_HEAD} role_id:str notify:bool applies_to_type:'Organization|Place|Group' applies_to_id:int "
        f"applies_to:@AnyRef assignee_type:'User|Team|Guest' assignee_id:int assignee:@AnyRef {_MAKER} "
        "user_id:int? user?:@UserRef assignee_team_id:int? assignee_team?:@Ref guest_id:int? guest?:@PersonRef "
        "issued_by_id:int? type:'organization|place|group' scope:'organization|place|group' "
        "organization_id?:int organization?:@OrganizationRef place_id?:int place?:@Ref group_id?:int "
        "group?:@Ref valid_from?:time? valid_until?:time?"
    ),
    "Share": (
        f"{_HEAD} email:str notify:bool role_id:str valid_from:time? valid_until:time? group_id:int group:@Ref "
        f"member_id:int member:@Ref place_id:int? place?:@Ref user_id:int user:@UserRef {_MAKER} lock_id:int? "
        "apply_to_place:bool role:str issued_to_id:int? issued_to_email:str issued_by_id:int? issued_by?:@UserRef"
    ),
    # Of section 5: places, doors, groups.
    "Place": (
        f"{_PLACE} {_STAMPS} tz_time_zone:str? locks_count:int integrations_count:int locked_down:bool "
        "locked_down_since:time? occupancy_rate:num? favorite?:bool organization_id:int "
        "organization:@OrganizationRef user_id:int? members_count:int"
    ),
    "PlaceOfLink": _PLACE,
    "Lock": (
        f"{_LOCK} resource_type:'Lock' {_STAMPS} first_to_arrive_required_until:time? "
        "first_to_arrive_satisfied:bool latitude:num? longitude:num? on_scheduled_unlock:bool order_id:int? "
        "geofence_restriction_enabled:bool? geofence_restriction_radius:num reader_restriction_enabled:bool? "
        "time_restriction_enabled:bool? time_restriction_time_zone:str? favorite?:bool floor_id:int? "
        "groups_count:int"
    ),
    "LockOfLink": _LOCK,
    "Message": "message:str",
    "Group": (
        f"{_HEAD} name:str description:str? geofence_restriction_enabled:bool geofence_restriction_radius:num "
        "primary_device_restriction_enabled:bool managed_device_restriction_enabled:bool "
        "reader_restriction_enabled:bool time_restriction_enabled:bool tap_to_access_restriction_enabled:bool "
        "login_enabled:bool users_count:int locks_count:int elevator_stops_count:int place_id:int? place?:@Ref "
        "time_restriction_time_zone:str? members_count:int"
    ),
    "GroupLock": f"{_HEAD} group_id:int group:@Ref lock_id:int lock:@LockRef place_id:int? place?:@Ref",
    "GroupElevatorStop": (
        f"{_HEAD} group_id:int group:@Ref elevator_stop_id:int elevator_stop:@Ref place_id:int? place?:@Ref"
    ),
    "GroupLink": (
        f"{_HEAD} name:str email:str? phone:str? last_used_at:time? link_enabled:bool "
        "quick_response_code_type:'online|offline'? valid_from:time? valid_until:time? group_id:int group:@Ref "
        f"{_MAKER} created_by?:@UserRef issued_by_id:int? issued_by?:@UserRef secret?:str? "
        "quick_response_code_token?:str? quick_response_code_image?:str?"
    ),
    "Floor": f"{_HEAD} name:str description:str? number:int place_id:int",
    "Elevator": (
        f"{_HEAD} name:str description:str? place_id:int integration_id:int? elevator_stops_count:int"
    ),
    "ElevatorStop": (
        f"{_HEAD} name:str locked_down:bool locked_down_since:time? on_scheduled_permit:bool permitted:bool "
        "time_restriction_enabled:bool? elevator_id:int? elevator?:@Ref floor_id:int? floor?:@FloorRef "
        "place_id:int place:@PlaceRef"
    ),
    # Of section 6: credentials.
    "Card": (
        f"id:int last_used_at:time? {_STAMPS} type:str model:str frequency:str third_party:bool uid:str? "
        "token?:str data_block_value?:str facility_code?:int card_number?:int card_id?:any oem?:any length?:int "
        "assigned:bool assigned_at:time? activated_at:time? deactivated_at:time? activated:bool "
        "assigned_by_id:int? assigned_by?:@UserRef user_id:int? user?:@PersonRef color?:str form_factor?:str "
        f"format_name?:str {_PIN.format('?')}"
    ),
    "CardAssignment": (
        f"{_HEAD} status:'activated|deactivated|unassigned' {_PIN.format('')} assignee_type:'User|Guest' "
        f"assignee_id:int card_id:int {_MAKER} created_by?:@UserRef guest_id:int? user_id:int?"
    ),
    # Of section 7: time, events, reports.
    "Scheduleable": "id:int type:'Group|Lock|ElevatorStop' name:str",
    "Holiday": "date:date name:str",
    "Schedule": (
        f"{_HEAD} name:str? type:'holiday_calendar|single_event|single_all_day_event|recurring_event' "
        "enabled:bool override:bool consequence:'allow|unlock|permit|first_to_arrive' scheduleable_type:str "
        "scheduleable_id:int scheduleable:@Scheduleable place_id:int? place?:@Ref integration_id:int? "
        "region?:str observed?:bool ignored_holidays?:[any] holidays?:[@Holiday] starts_at?:time ends_at?:time "
        f"starts_at_date?:date ends_at_date?:date {' '.join(f'{day}?:bool' for day in _DAYS.split())} "
        "starts_at_time?:str ends_at_time?:str next_occurence?:time?"
    ),
    "Span": "starts_at:time? ends_at:time?",
    "ScheduledDay": "date:date schedule_ids:[int]",
    "CalendarSummary": "events:[@Span] exceptions:[@Span] schedules_by_day:[@ScheduledDay]",
    "Event": (
        "uuid:str type:str actor_type:str? actor_id:int? actor_name:str? actor_email:str? "
        "authenticated_by_type:str? authenticated_by_id:int? authorized_by_type:str? authorized_by_id:int? "
        "authorized_by_role_id:str? object_type:str? object_id:int? object_name:str? object:map action:str "
        "created_at:time message:str? success:bool code:str? sequence:int organization_id:int place_id:int? "
        "error_code:str? error_message:str? details:map via:map"
    ),
    "EventSet": (
        "id:int created_at:time status:'in_progress|finished|failed' interval:str event_actor_id:int? "
        "event_actor_type:str? event_authenticated_by_id:int? event_authenticated_by_type:str? "
        "event_object_id:int? event_object_type:str? event_place_id:int? event_success:bool? event_type:str? "
        "event_sequence:str? event_uuid:str? events:[@Event] cursor:str? place_id:int?"
    ),
    "Integration": (
        f"{_HEAD} name:str type:str enabled:bool disabled_due_to_error:bool disabled_due_to_error_at:time? "
        "organization_id:int organization:@OrganizationRef place_id:int? place?:@Ref url:str "
        "enabled_events:[str]"
    ),
    "Report": (
        f"{_HEAD} name:str reporter_id:int start_date:date end_date:date time_zone:str "
        "status:'waiting|in_progress|finished|failed'"
    ),
    "ScheduledReport": (
        f"{_HEAD} name:str reporter_id:int period:'day|week|month' frequency:int scheduled_at:time time_zone:str "
        "emails:[str] enabled:bool"
    ),
    "Url": "url:str",
    "Presence": (
        "actor_type:'User|Guest' actor_id:int actor_name:str actor_email:str? first_unlock_at:time "
        "last_unlock_at:time last_unlocked_lock_id:int last_unlocked_lock_name:str "
        "status:'on_site|inactive|checked_out|expired' place_id:int"
    ),
    "SignedUploadUrl": "signed_upload_url:str file_name:str",
    "CsvImport": (
        "id:int name:str? status:str import_errors:any file_name:str created_at?:time updated_at?:time "
        "resource_type?:str organization_id?:int? organization?:@OrganizationRef"
    ),
    # Of section 7.5: organization.
    "Organization": _ORGANIZATION,
    "Settings": (
        f"{_ORGANIZATION} sp_certificate:str? sp_certificate_required:bool sp_certificate_expires_at:time? "
        "identity_provider_issuer_url:str? sso_configured:bool scim_configured:bool user?:@UserRef"
    ),
    "PublicOrganization": (
        "id:int resource_type:'Organization' name:str domain:str logo:str? image:str? color:str? "
        "sso_flow_enabled:bool"
    ),
    "Dashboard": (
        "apple_passes_count:int cameras_count:int users_count:int places_count:int locks_count:int "
        "groups_count:int members_count:int"
    ),
    "Transfer": (
        f"{_HEAD} state:str transfer_from_id:int? transfer_from?:@UserRef transfer_to_id:int? transfer_to?:@UserRef"
    ),
    # Of section 1.3: errors.
    "Error": "error:str code:str",
    "OauthError": "error:str error_description:str",
    "Errors": "errors:map error?:str code?:str",
}

# Which object a resource's routes answer with.
RESOURCES: Final[Mapping[str, str]] = {
    "users": "User",
    "members": "Member",
    "guests": "Guest",
    "teams": "Team",
    "team_memberships": "TeamMembership",
    "roles": "Role",
    "role_assignments": "RoleAssignment",
    "shares": "Share",
    "places": "Place",
    "locks": "Lock",
    "groups": "Group",
    "group_locks": "GroupLock",
    "group_elevator_stops": "GroupElevatorStop",
    "group_links": "GroupLink",
    "floors": "Floor",
    "elevators": "Elevator",
    "elevator_stops": "ElevatorStop",
    "cards": "Card",
    "card_assignments": "CardAssignment",
    "schedules": "Schedule",
    "event_sets": "EventSet",
    "integrations": "Integration",
    "reports": "Report",
    "scheduled_reports": "ScheduledReport",
    "presences": "Presence",
    "invites": "Invite",
    "logins": "Login",
    "organizations": "Organization",
    "csv_user_imports": "CsvImport",
    "csv_card_imports": "CsvImport",
    "signed_upload_urls": "SignedUploadUrl",
}
# Answers that do not follow from the resource, as types of `schema_text`.
ANSWERS: Final[Mapping[str, str]] = {
    "POST /logins": "@NewLogin",
    "POST /users/sign_in": "@NewLogin",
    "POST /logins/resolve": "@NewLogin",
    "POST /login/offline_certificate": "@OfflineCertificate",
    "POST /oauth/token": "@Tokens",
    "POST /users/sign_up": "@User",
    "GET /login": "@Login",
    "GET /user": "@CurrentUser",
    "GET /users/user": "@CurrentUser",
    "POST /user/2fa/otp_secret": "@OtpSecret",
    "POST /user/2fa/backup_codes": "@BackupCodes",
    "POST /locks/{id}/unlock": "@Message",
    "POST /reports/{id}/download": "@Url",
    "GET /events/types": "[str]",
    "GET /events/meta": "map",
    "GET /holiday_calendars/regions": "map",
    "GET /holiday_calendars/{region}/holidays": "[@Holiday]",
    "GET /calendar/summary": "@CalendarSummary",
    "GET /organization": "@Organization",
    "GET /organization/settings": "@Settings",
    "GET /organization/dashboard": "@Dashboard",
    "GET /organization/transfers": "[@Transfer]",
    "GET /organizations/{domain}/public": "@PublicOrganization",
    "POST /organization/generate_next_certificate": "map",
    "GET /openapi.json": "map",
}
# What a visitor's link is shown where a login is shown more.
FOR_VISITORS: Final[Mapping[str, str]] = {"Lock": "LockOfLink", "Place": "PlaceOfLink"}
