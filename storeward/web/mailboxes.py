"""The mailboxes that notices come from: how fresh what is known of each is, and what keeps it from being read."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from storeward.intake.models import Mailbox
from storeward.web import formats
from storeward.web.frame import Visit
from storeward.web.notice_words import error_words
from storeward.web.parts import Freshness, freshness

MAIL_TRUST = timedelta(minutes=15)
"""A mailbox that nobody has looked at for so long is not being looked at: the worker comes every two minutes."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mailbox: how fresh what is known of it is, and what keeps it from being read."""

    address: str
    fresh: Freshness
    error: str
    since: str

    @property
    def fails(self) -> bool:
        return bool(self.error)


def mailboxes(visit: Visit) -> list[Mail]:
    """The mailboxes of the person's teams, and those of which it cannot be told whose they are. Only who connects stores may mend
    one, and sees it."""
    ids = {one.pk for one in visit.connects}
    return [
        mail_of(visit, row)
        for row in Mailbox.objects.order_by("host")
        if row.workspace_id in ids or (ids and row.workspace_id is None)
    ]


def mail_of(visit: Visit, row: Mailbox) -> Mail:
    error, since = error_words(row.error), row.failing_since
    if not error and row.looked_at < visit.now - MAIL_TRUST:
        error, since = _("Nobody has looked at it: no worker runs, or it is set up no more."), row.looked_at
    fresh = freshness(row.read_at, row.read_at + MAIL_TRUST if row.read_at else None, visit.now, visit.language)
    ago = formats.age((visit.now - since).total_seconds(), visit.language) if since else ""
    return Mail(row.address, fresh, error, ago)
