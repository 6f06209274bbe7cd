"""Reading what the API shows of an account."""

from rekey.dialects.kisi.login_shapes import AccountFacts
from rekey.domain.document import DocumentBody
from rekey.domain.operator import Operator
from rekey.operations.annotate import annotation_of, preferences_of
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

NAMESPACE = "kisi"


async def account_facts(view: View, operator: Operator) -> AccountFacts:
    """Give the facts of an operator; a service has no preferences."""
    factor = await view.second_factors.get(operator.id)
    keys = await view.keys.list(WHOLE, operator_id=operator.id)
    liked: DocumentBody = {}
    if operator.person_id is not None:
        kept = await preferences_of(view, NAMESPACE, operator.person_id, [operator.person_id])
        # What others gave the person is shown where the person chose none.
        noted = await annotation_of(view, NAMESPACE, operator.person_id)
        liked = {"image": noted.get("image"), **kept.get(operator.person_id, {})}
    return AccountFacts(
        second_factor_since=None if factor is None else factor.active_at,
        has_primary=any(key.is_primary for key in keys.items),
        liked=liked,
    )
