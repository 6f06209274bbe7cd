"""What clients may rely on in access codes, grants and methods, in the form of `resources`."""

_ACCESS_ERRORS = [
    {
        "error_code": "text",
        "message": "text",
        "created_at": "time",
        "is_access_code_error?": "flag",
        "is_device_error?": "flag",
        "is_connected_account_error?": "flag",
        "change_type?": "text",
        "modified_fields?": [{"field": "text", "from": "text?", "to": "text?"}],
        "missing_device_ids?": ["id"],
    }
]
_ACCESS_WARNINGS = [
    {
        "warning_code": "text",
        "message": "text",
        "created_at": "time",
        "change_type?": "text",
        "modified_fields?": [{"field": "text", "from": "text?", "to": "text?"}],
        "access_method_ids?": ["id"],
        "device_id?": "id",
        "original_code?": "text",
        "new_code?": "text",
    }
]
_MUTATIONS = [
    {
        "mutation_code": "text",
        "message": "text",
        "created_at": "time",
        "scheduled_at?": "time",
        "from?": "object",
        "to?": "object",
    }
]
_CHANGES = [
    {
        "mutation_code": "text",
        "message": "text",
        "created_at": "time",
        "from": "object",
        "to": "object",
        "access_method_ids?": ["id"],
    }
]
_ACCESS = {
    "created_at": "time",
    "workspace_id": "id",
    "display_status": "text",
    "errors": _ACCESS_ERRORS,
    "warnings": _ACCESS_WARNINGS,
}
ACCESS_CODE = {
    **_ACCESS,
    "access_code_id": "id",
    "device_id": "id",
    "name": "text?",
    "code": "text?",
    "common_code_key": "text?",
    "type": {"ongoing", "time_bound"},
    "status": {"setting", "set", "unset", "removing", "unknown"},
    "starts_at?": "time?",
    "ends_at?": "time?",
    "is_managed": {True},
    "is_backup": "flag",
    "is_backup_access_code_available": "flag",
    "pulled_backup_access_code_id": "id?",
    "is_external_modification_allowed": "flag",
    "is_offline_access_code": "flag",
    "is_one_time_use": "flag",
    "is_scheduled_on_device": "flag",
    "is_waiting_for_code_assignment": "flag",
    "pending_mutations": _MUTATIONS,
}
UNMANAGED_ACCESS_CODE = {
    **_ACCESS,
    "access_code_id": "id",
    "device_id": "id",
    "name": "text?",
    "code": "text?",
    "type": {"ongoing", "time_bound"},
    "status": {"set", "unset"},
    "is_managed": {False},
}
ACCESS_GRANT = {
    **_ACCESS,
    "access_grant_id": "id",
    "access_grant_key?": "text",
    "user_identity_id": "id",
    "name": "text?",
    "display_name": "text",
    "starts_at": "time",
    "ends_at": "time?",
    "reservation_key?": "text",
    "instant_key_url?": "text",
    "client_session_token?": "text",
    "requested_access_methods": [
        {
            "display_name": "text",
            "mode": {"code", "card", "mobile_key", "cloud_key"},
            "created_access_method_ids": ["id"],
            "created_at": "time",
            "code?": "text",
            "instant_key_max_use_count?": "number",
        }
    ],
    "access_method_ids": ["id"],
    "space_ids": ["id"],
    "location_ids": ["id"],
    "pending_mutations": _CHANGES,
}
ACCESS_METHOD = {
    **_ACCESS,
    "access_method_id": "id",
    "instant_key_url?": "text",
    "client_session_token?": "text",
    "mode": {"code", "card", "mobile_key", "cloud_key"},
    "display_name": "text",
    "code?": "text?",
    "is_issued": "flag",
    "issued_at": "time?",
    "is_encoding_required?": "flag",
    "is_assignment_required?": "flag",
    "is_ready_for_encoding?": "flag",
    "is_ready_for_assignment?": "flag",
    "pending_mutations": _CHANGES,
}
