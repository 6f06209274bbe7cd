"""What the server says of itself: features, kinds of resources, schemas. Source: RFC 7643 sections 5 to 7."""

from typing import Any

from rekey.dialects.scim.discovery_schemas import (
    CONFIG_SCHEMA,
    CONFIG_URN,
    RESOURCE_TYPE_SCHEMA,
    RESOURCE_TYPE_URN,
    SCHEMA_SCHEMA,
    SCHEMA_URN,
)
from rekey.dialects.scim.errors import Forbidden
from rekey.dialects.scim.group_schema import GROUP
from rekey.dialects.scim.kit import Kit, reply_json
from rekey.dialects.scim.queries import MOST
from rekey.dialects.scim.resources import reply_list
from rekey.dialects.scim.schema import Attribute, ResourceKind, Schema, Type
from rekey.dialects.scim.user_schema import USER
from rekey.domain.errors import NotFound
from rekey.webkit.message import Reply, Request

KINDS = (USER, GROUP)
SCHEMAS: tuple[Schema, ...] = (
    USER.schema,
    *USER.extensions,
    GROUP.schema,
    CONFIG_SCHEMA,
    RESOURCE_TYPE_SCHEMA,
    SCHEMA_SCHEMA,
)


class Discovery:
    """Handlers of what describes the API; none of it depends on the organization."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def config(self, request: Request) -> Reply:
        _refuse_filter(request)
        return reply_json(service_config(self._kit.base(request)))

    async def resource_types(self, request: Request) -> Reply:
        _refuse_filter(request)
        base = self._kit.base(request)
        return reply_list([resource_type(kind, base) for kind in KINDS], len(KINDS), 1)

    async def resource_type(self, request: Request) -> Reply:
        _refuse_filter(request)
        for kind in KINDS:
            if kind.name == request.params["name"]:
                return reply_json(resource_type(kind, self._kit.base(request)))
        raise NotFound("resource type", request.params["name"])

    async def schemas(self, request: Request) -> Reply:
        _refuse_filter(request)
        base = self._kit.base(request)
        return reply_list([schema_document(schema, base) for schema in SCHEMAS], len(SCHEMAS), 1)

    async def schema(self, request: Request) -> Reply:
        _refuse_filter(request)
        for schema in SCHEMAS:
            if schema.urn == request.params["urn"]:
                return reply_json(schema_document(schema, self._kit.base(request)))
        raise NotFound("schema", request.params["urn"])


def service_config(base: str) -> dict[str, Any]:
    """Describe the features."""
    return {
        "schemas": [CONFIG_URN],
        "documentationUri": "https://www.rfc-editor.org/rfc/rfc7644",
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "The organization's directory key, sent as: Authorization: Bearer <key>",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"},
    }


def resource_type(kind: ResourceKind, base: str) -> dict[str, Any]:
    """Describe a kind of resource."""
    return {
        "schemas": [RESOURCE_TYPE_URN],
        "id": kind.name,
        "name": kind.name,
        "endpoint": kind.endpoint,
        "description": kind.description,
        "schema": kind.schema.urn,
        "schemaExtensions": [{"schema": one.urn, "required": False} for one in kind.extensions],
        "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/{kind.name}"},
    }


def schema_document(schema: Schema, base: str) -> dict[str, Any]:
    """Describe a schema: what is listed here is kept and read back."""
    return {
        "schemas": [SCHEMA_URN],
        "id": schema.urn,
        "name": schema.name,
        "description": schema.description,
        "attributes": [_attribute(one) for one in schema.attributes if not one.unlisted],
        "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{schema.urn}"},
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": attribute.name,
        "type": attribute.type.value,
        "multiValued": attribute.many,
        "description": attribute.description,
        "required": attribute.required,
        "mutability": attribute.mutability.value,
        "returned": attribute.returned.value,
    }
    if attribute.type is Type.COMPLEX:
        described["subAttributes"] = [_attribute(part) for part in attribute.parts]
    else:
        described |= {"caseExact": attribute.case_exact, "uniqueness": attribute.uniqueness}
    if attribute.values:
        described["canonicalValues"] = list(attribute.values)
    if attribute.refers:
        described["referenceTypes"] = list(attribute.refers)
    return described


def _refuse_filter(request: Request) -> None:
    """Raises: Forbidden. Source: RFC 7644 section 4."""
    if "filter" in request.query().names():
        raise Forbidden("discovery takes no filter")
