"""What goes out of access codes, access grants and access methods."""

from msgspec import UNSET, UnsetType
from msgspec import field as msgspec_field

from rekey.dialects.seam.wire import AttemptError, Wire


class ModifiedField(Wire):
    """One field that somebody changed at the device."""

    field: str
    before: str | None = msgspec_field(name="from")
    to: str | None


class AccessProblem(Wire):
    """One entry of `errors` or `warnings` of these resources; what does not belong to its code is left out."""

    message: str
    created_at: str
    error_code: str | UnsetType = UNSET
    warning_code: str | UnsetType = UNSET
    is_access_code_error: bool | UnsetType = UNSET
    is_device_error: bool | UnsetType = UNSET
    is_connected_account_error: bool | UnsetType = UNSET
    change_type: str | UnsetType = UNSET
    modified_fields: list[ModifiedField] | UnsetType = UNSET
    managed_access_code_id: str | UnsetType = UNSET
    unmanaged_access_code_id: str | UnsetType = UNSET
    missing_device_ids: list[str] | UnsetType = UNSET
    access_method_ids: list[str] | UnsetType = UNSET
    device_id: str | UnsetType = UNSET
    original_code: str | UnsetType = UNSET
    new_code: str | UnsetType = UNSET


class Mutation(Wire):
    """What is wished for and not true at the hardware yet."""

    mutation_code: str
    message: str
    created_at: str
    scheduled_at: str | UnsetType = UNSET
    before: dict[str, str | None] | UnsetType = msgspec_field(name="from", default=UNSET)
    to: dict[str, str | None] | UnsetType = UNSET


class AccessMutation(Wire):
    """What of a grant or of a method is wished for and not true at the hardware yet, with both states."""

    mutation_code: str
    message: str
    created_at: str
    before: dict[str, list[str] | str | None] = msgspec_field(name="from")
    to: dict[str, list[str] | str | None]
    access_method_ids: list[str] | UnsetType = UNSET


class AccessCode(Wire):
    access_code_id: str
    workspace_id: str
    device_id: str
    name: str | None
    code: str | None
    common_code_key: str | None
    type: str
    status: str
    display_status: str
    starts_at: str | UnsetType | None
    ends_at: str | UnsetType | None
    is_managed: bool
    is_backup: bool
    is_backup_access_code_available: bool
    pulled_backup_access_code_id: str | None
    is_external_modification_allowed: bool
    is_offline_access_code: bool
    is_one_time_use: bool
    is_scheduled_on_device: bool
    is_waiting_for_code_assignment: bool
    pending_mutations: list[Mutation]
    errors: list[AccessProblem]
    warnings: list[AccessProblem]
    created_at: str


class UnmanagedAccessCode(Wire):
    access_code_id: str
    workspace_id: str
    device_id: str
    name: str | None
    code: str | None
    type: str
    status: str
    display_status: str
    starts_at: str | UnsetType
    ends_at: str | UnsetType | None
    is_managed: bool
    errors: list[AccessProblem]
    warnings: list[AccessProblem]
    created_at: str


class AccessCodeResult(Wire):
    """What an attempt to make or change a code gives."""

    access_code: AccessCode | UnsetType = UNSET


class CodeAttempt(Wire):
    """An attempt at a code; of result and error at most one is not null."""

    action_attempt_id: str
    action_type: str
    status: str
    result: AccessCodeResult | None
    error: AttemptError | None


class RequestedAccessMethod(Wire):
    display_name: str
    mode: str
    created_access_method_ids: list[str]
    created_at: str
    code: str | UnsetType = UNSET
    instant_key_max_use_count: int | UnsetType = UNSET


class AccessGrant(Wire):
    access_grant_id: str
    access_grant_key: str | UnsetType
    workspace_id: str
    user_identity_id: str
    name: str | None
    display_name: str
    display_status: str
    starts_at: str
    ends_at: str | None
    reservation_key: str | UnsetType
    instant_key_url: str | UnsetType
    client_session_token: str | UnsetType
    requested_access_methods: list[RequestedAccessMethod]
    access_method_ids: list[str]
    space_ids: list[str]
    location_ids: list[str]
    pending_mutations: list[AccessMutation]
    errors: list[AccessProblem]
    warnings: list[AccessProblem]
    created_at: str


class AccessMethod(Wire):
    access_method_id: str
    workspace_id: str
    mode: str
    display_name: str
    display_status: str
    code: str | UnsetType | None
    instant_key_url: str | UnsetType
    client_session_token: str | UnsetType
    is_issued: bool
    issued_at: str | None
    is_encoding_required: bool | UnsetType
    is_assignment_required: bool | UnsetType
    is_ready_for_encoding: bool | UnsetType
    is_ready_for_assignment: bool | UnsetType
    pending_mutations: list[AccessMutation]
    errors: list[AccessProblem]
    warnings: list[AccessProblem]
    created_at: str


class CardAttempt(Wire):
    """An attempt to bind a card to a method."""

    action_attempt_id: str
    action_type: str
    status: str
    result: AccessMethod | None
    error: AttemptError | None


class UnmanagedAccessGrant(Wire):
    """Nothing here is given by anybody else, so none is ever shown."""

    access_grant_id: str


class UnmanagedAccessMethod(Wire):
    """Nothing here is given by anybody else, so none is ever shown."""

    access_method_id: str
