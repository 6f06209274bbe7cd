"""What each route takes: the parameters of lists and the attributes of writes, in the form of `schema_text`.

Attributes that are not named here are ignored, so bodies stay open. Source: the sections of the contract.
"""

from collections.abc import Mapping
from typing import Final

_PAGE = "limit?:int offset?:int"
_RESTRICTIONS = (
    "geofence_restriction_enabled?:bool reader_restriction_enabled?:bool time_restriction_enabled?:bool"
)
_PERSON = "name?:str image?:str? access_enabled?:bool password_flow_enabled?:bool metadata?:map? notes?:str?"
_PLACE = "name?:str address?:str description?:str? latitude?:num? longitude?:num? image?:str? time_zone?:str"
_LOCK = (
    f"name?:str description?:str? latitude?:num? longitude?:num? {_RESTRICTIONS} order_id?:int? floor_id?:int? "
    "favorite?:bool"
)
_GROUP = (
    f"name?:str description?:str? login_enabled?:bool {_RESTRICTIONS} primary_device_restriction_enabled?:bool "
    "managed_device_restriction_enabled?:bool tap_to_access_restriction_enabled?:bool"
)
_SCHEDULE = (
    "name?:str? enabled?:bool override?:bool consequence?:str scheduleable_type?:str scheduleable_id?:int "
    "region?:str observed?:bool starts_at?:str ends_at?:str starts_at_date?:str ends_at_date?:str monday?:bool "
    "tuesday?:bool wednesday?:bool thursday?:bool friday?:bool saturday?:bool sunday?:bool starts_at_time?:str "
    "ends_at_time?:str"
)
_REPEATED = (
    "name?:str reporter_id?:int period?:'day|week|month' frequency?:int scheduled_at?:time time_zone?:str "
    "emails?:[str] enabled?:bool"
)
_PEOPLE = f"ids?:str place_id?:int group_id?:int email?:str query?:str user_id?:str sort?:str {_PAGE}"

QUERIES: Final[Mapping[str, str]] = {
    "/users": f"{_PEOPLE} confirmed?:bool",
    "/members": _PEOPLE,
    "/guests": f"ids?:str query?:str {_PAGE}",
    "/teams": f"ids?:str query?:str scope?:'organization|place' sort?:str {_PAGE}",
    "/team_memberships": f"ids?:str member_type?:'User|Guest' member_id?:int team_id?:int {_PAGE}",
    "/role_assignments": (
        "ids?:str query?:str role_id?:str assignee_type?:'User|Team|Guest' assignee_id?:int "
        "applies_to_type?:'Organization|Place|Group' applies_to_id?:int scope?:str user_id?:str place_id?:int "
        f"group_id?:int sort?:str {_PAGE}"
    ),
    "/shares": f"ids?:str query?:str group_id?:int member_id?:int place_id?:int user_id?:int role_id?:str {_PAGE}",
    "/places": f"ids?:str query?:str favorite?:str sort?:str {_PAGE}",
    "/locks": (
        "ids?:str query?:str floor_id?:int place_id?:int configured?:bool online?:bool unlocked?:bool "
        f"locked_down?:bool favorite?:str sort?:str {_PAGE}"
    ),
    "/groups": (
        "ids?:str query?:str scope?:'organization|place' place_id?:int elevator_stop_id?:int lock_id?:int "
        f"sort?:str {_PAGE}"
    ),
    "/group_locks": f"group_id:int ids?:str lock_id?:int query?:str {_PAGE}",
    "/group_elevator_stops": f"group_id:int ids?:str elevator_stop_id?:int {_PAGE}",
    "/group_zones": "group_id:int",
    "/group_terminals": "group_id:int",
    "/controller_input_connections": "controller_id:int",
    "/controller_relay_connections": "controller_id:int",
    "/controller_wiegand_connections": "controller_id:int",
    "/group_links": f"ids?:str group_id?:int query?:str sort?:str {_PAGE}",
    "/floors": f"place_id:int ids?:str query?:str {_PAGE}",
    "/elevators": f"ids?:str place_id?:int query?:str {_PAGE}",
    "/elevator_stops": f"place_id:int ids?:str elevator_id?:int floor_id?:int {_PAGE}",
    "/cards": (
        "ids?:str status?:'activated|deactivated|unassigned' token?:str uid?:str data_block_value?:str "
        f"facility_code?:int card_number?:int card_id?:str user_id?:str activated?:bool sort?:str {_PAGE}"
    ),
    "/card_assignments": (
        "ids?:str assignee_type?:'User|Guest' assignee_id?:int status?:'activated|deactivated' card_id?:int "
        f"user_id?:str guest_id?:int {_PAGE}"
    ),
    "/schedules": (
        "ids?:str consequence?:str scheduleable_type?:'Group|Lock|ElevatorStop' scheduleable_id?:int " + _PAGE
    ),
    "/calendar/summary": "around:str consequence:str lock_id?:int group_id?:int elevator_stop_id?:int",
    "/holiday_calendars/{region}/holidays": "year:int observed?:bool",
    "/event_sets/{id}": "limit?:int cursor?:str",
    "/integrations": (
        f"ids?:str query?:str place_id?:int scope?:'organization|place' group_id?:int enabled?:bool {_PAGE}"
    ),
    "/reports": f"ids?:str query?:str {_PAGE}",
    "/reports/{id}/download": "format?:'csv|pdf'",
    "/scheduled_reports": f"ids?:str query?:str {_PAGE}",
    "/presences": f"place_id:int date:date {_PAGE}",
    "/logins": f"ids?:str user_id?:str scope?:'me|all' {_PAGE}",
}
# The attributes below the wrapper that carries the name before them; PATCH stands for PUT too.
BODIES: Final[Mapping[str, tuple[str, str]]] = {
    "POST /logins": ("user", "domain?:str email:str password:str otp_attempt?:str"),
    "POST /users/sign_in": ("user", "domain?:str email:str password:str otp_attempt?:str"),
    "POST /users/sign_up": ("user", "name?:str password:str terms_and_conditions?:bool"),
    "POST /logins/resolve": ("login", "resolution_token:str device_uid?:str"),
    "POST /login/offline_certificate": ("login", "beacon_id:int"),
    "PUT /login": ("login", "name?:str push_token?:str? ios_voip_push_token?:str?"),
    "PATCH /user": ("user", "name?:str image?:str? locale?:'en|fr|es|de'? last_read_at?:map?"),
    "PATCH /users/user": ("user", "name?:str image?:str? locale?:'en|fr|es|de'? last_read_at?:map?"),
    "POST /users/password": ("user", "email:str domain?:str"),
    "PATCH /users/password": ("user", "password:str password_confirmation?:str reset_password_token:str"),
    "POST /user/2fa/activate": ("user", "otp_attempt:str"),
    "POST /user/2fa/deactivate": ("user", "otp_attempt:str"),
    "POST /users": ("user", f"email:str send_emails?:bool confirm?:bool {_PERSON}"),
    "PATCH /users/{id}": ("user", _PERSON),
    "POST /members": ("member", f"email:str send_emails?:bool confirm?:bool {_PERSON}"),
    "PATCH /members/{id}": ("member", _PERSON),
    "POST /guests": ("guest", "name:str email?:str? phone_number?:str?"),
    "POST /teams": ("team", "name:str"),
    "PATCH /teams/{id}": ("team", "name?:str"),
    "POST /team_memberships": ("team_membership", "team_id:int member_id:int member_type:'User|Guest'"),
    "POST /invites": (
        "invite",
        (
            "notify?:bool invites_to_type:'Place|Group|Team' invites_to_id:int invitee:map access_key?:map "
            "role_assignment?:map"
        ),
    ),
    "POST /role_assignments": (
        "role_assignment",
        (
            "applies_to_type?:'Organization|Place|Group' applies_to_id?:int assignee_type?:'User|Team|Guest' "
            "assignee_id?:int role_id:str notify?:bool valid_from?:str? valid_until?:str? user_id?:int group_id?:int "
            "place_id?:int organization_id?:int"
        ),
    ),
    "PATCH /role_assignments/{id}": (
        "role_assignment",
        "role_id?:str notify?:bool valid_from?:str? valid_until?:str?",
    ),
    "POST /shares": (
        "share",
        "email:str group_id:int notify?:bool role_id?:'basic|manager' valid_from?:str? valid_until?:str?",
    ),
    "PATCH /shares/{id}": (
        "share",
        "notify?:bool role_id?:'basic|manager' valid_from?:str? valid_until?:str?",
    ),
    "POST /places": ("place", _PLACE),
    "PATCH /places/{id}": ("place", _PLACE),
    "POST /floors": ("floor", "number:int name:str place_id:int description?:str?"),
    "PATCH /floors/{id}": ("floor", "number?:int name?:str description?:str?"),
    "POST /locks": ("lock", f"place_id:int {_LOCK}"),
    "PATCH /locks/{id}": ("lock", _LOCK),
    "POST /groups": ("group", f"place_id?:int? {_GROUP}"),
    "PATCH /groups/{id}": ("group", _GROUP),
    "POST /group_locks": ("group_lock", "group_id:int lock_id:int"),
    "POST /group_elevator_stops": ("group_elevator_stop", "group_id:int elevator_stop_id:int"),
    "POST /group_links": (
        "group_link",
        (
            "group_id:int name:str email?:str? phone?:str? link_enabled?:bool "
            "quick_response_code_type?:'online|offline'? valid_from?:str? valid_until?:str?"
        ),
    ),
    "POST /elevators": ("elevator", "name:str place_id:int description?:str? integration_id?:int?"),
    "PATCH /elevators/{id}": ("elevator", "name?:str description?:str? integration_id?:int?"),
    "POST /elevator_stops": (
        "elevator_stop",
        "elevator_id:int floor_id:int time_restriction_enabled?:bool",
    ),
    "PATCH /elevator_stops/{id}": (
        "elevator_stop",
        "elevator_id?:int floor_id?:int time_restriction_enabled?:bool",
    ),
    "POST /cards": (
        "card",
        "type:str token?:str uid?:str data_block_value?:str facility_code?:int card_number?:int",
    ),
    "PATCH /cards/{id}": ("card", "two_factor_pin?:str? send_two_factor_pin_notification?:bool"),
    "POST /cards/{id}/assign": ("card", "user_id?:int two_factor_pin?:str?"),
    "POST /card_assignments": (
        "card_assignment",
        (
            "assignee_type:'User|Guest' assignee_id:int card_id:int two_factor_pin?:str? "
            "send_two_factor_pin_notification?:bool"
        ),
    ),
    "PATCH /card_assignments/{id}": (
        "card_assignment",
        "two_factor_pin?:str? send_two_factor_pin_notification?:bool",
    ),
    "POST /schedules": ("schedule", _SCHEDULE),
    "PATCH /schedules/{id}": ("schedule", _SCHEDULE),
    "POST /event_sets": (
        "event_set",
        (
            "interval?:str event_actor_id?:int event_actor_type?:str event_object_id?:int event_object_type?:str "
            "event_place_id?:int event_success?:bool event_type?:str event_sequence?:str event_uuid?:str"
        ),
    ),
    "POST /integrations": (
        "integration",
        "name:str type:str url?:str enabled?:bool enabled_events?:[str] signature_key?:str place_id?:int",
    ),
    "PATCH /integrations/{id}": (
        "integration",
        "name?:str url?:str enabled?:bool enabled_events?:[str] signature_key?:str?",
    ),
    "POST /reports": (
        "report",
        "name:str reporter_id:int start_date?:date end_date?:date time_zone?:str",
    ),
    "POST /scheduled_reports": ("scheduled_report", _REPEATED),
    "PATCH /scheduled_reports/{id}": ("scheduled_report", _REPEATED),
    "POST /signed_upload_urls": (
        "signed_upload_url",
        "file_name:str file_type:'image|csv_card_import|csv_user_import'",
    ),
    "POST /csv_user_imports": ("csv_user_import", "file_name:str"),
    "POST /csv_card_imports": ("csv_card_import", "file_name:str"),
    "PATCH /organization": (
        "organization",
        (
            "name?:str logo?:str? address?:str? description?:str? device_logins_expire_after?:int time_zone?:str "
            "scim_enabled?:bool"
        ),
    ),
    "POST /organization/request_transfer": ("organization", "transfer_to_id?:int"),
    "POST /organizations/find": ("user", "email:str"),
}
