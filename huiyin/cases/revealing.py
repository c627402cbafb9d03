"""Who may read a customer's plain contacts."""

from huiyin.cases.models import Case
from huiyin.customers.models import Customer
from huiyin.staff.viewer import Viewer


def allowed(customer: Customer, viewer: Viewer) -> bool:
    """Tell whether this viewer may reveal this customer.

    Whoever carries an open case of theirs may; beyond that, who sees more than their own work and either sees a case
    of the customer or the customer has none. So nobody learns who complained about them.
    """
    if not viewer.may("customer.reveal") or customer.erased_at or customer.merged_into_id:
        return False
    seen = Case.objects.visible_to(viewer).filter(customer=customer)
    if seen.in_work().working_on(viewer.staff_id).exists():
        return True
    if not any(scope.reach in ("team", "all") for scope in viewer.scopes):
        return False
    return seen.exists() or not Case.objects.filter(customer=customer).exists()
