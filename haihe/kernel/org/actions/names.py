"""What org forgets at its term: names of officers who have left. Run by the clock."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from haihe.base.actor import CLOCK
from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Account, Officer


def forget_names() -> int:
    """Remove the names of officers who left longer ago than ``HAIHE_OFFICER_NAME_DAYS``.

    Name and sign-in name go; the account's id stays, for entries name it. Gives how many went.
    """
    left = now() - timedelta(days=settings().officer_name_days)
    with transaction.atomic():
        due = Officer.objects.select_for_update().filter(left_at__lt=left).exclude(name="")
        accounts = list(due.values_list("account", flat=True))
        if not accounts:
            return 0
        Officer.objects.filter(account__in=accounts).update(name="")
        # No sign-in name that anyone can choose begins so.
        numbered = Concat(Value("~"), Cast(F("pk"), CharField()))
        Account.objects.filter(pk__in=accounts).update(username=numbered)
        ledger.record(by=CLOCK, kind="org.names.forgotten", body={"officers": len(accounts)})
    return len(accounts)
