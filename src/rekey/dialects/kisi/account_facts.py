"""Reading what the API shows of an account."""

from rekey.dialects.kisi.login_shapes import AccountFacts
from rekey.domain.operator import Operator
from rekey.operations.annotate import preferences_of
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

NAMESPACE = "kisi"


async def account_facts(view: View, operator: Operator) -> AccountFacts:
    """Give the facts of an operator; a service has no preferences."""
    factor = await view.second_factors.get(operator.id)
    keys = await view.keys.list(WHOLE, operator_id=operator.id)
    liked = {}
    if operator.person_id is not None:
        kept = await preferences_of(view, NAMESPACE, operator.person_id, [operator.person_id])
        liked = kept.get(operator.person_id, {})
    return AccountFacts(
        second_factor_since=None if factor is None else factor.active_at,
        has_primary=any(key.is_primary for key in keys.items),
        liked=liked,
    )
