from decimal import Decimal

from django.db import models

from huiyin.staff.models import Staff


class AgentLoad(models.Model):
    """How much a person carries: the weights of their new and open service cases. `verify` recomputes it.

    Until `rests_until` the dispatch gives them nothing new, because they said so (`duty.overload`).
    """

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="load")
    load = models.DecimalField(max_digits=6, decimal_places=1, default=Decimal(0))
    cap = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal(5))
    last_assigned_at = models.DateTimeField(null=True)
    assigned_on = models.DateField(null=True)
    assigned_today = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
