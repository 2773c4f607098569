"""Which stores a person may see. Every page and every command that acts for a person goes through here."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from storeward.accounts.models import Role, User
from storeward.stores.models import Store


def stores_for(person: User | AnonymousUser) -> QuerySet[Store]:
    """The stores of the person's workspaces, by key; none for a stranger or somebody who has left."""
    if not isinstance(person, User) or not person.is_active:
        return Store.objects.none()
    return Store.objects.filter(workspace__membership__user=person).distinct().order_by("key")


WRITERS = {Role.OWNER, Role.OPERATIONS, Role.ORDERS, Role.SERVICE, Role.FINANCE}


def writable_stores_for(person: User | AnonymousUser) -> QuerySet[Store]:
    """Those in which the person may also change something: a viewer may not."""
    if not isinstance(person, User) or not person.is_active:
        return Store.objects.none()
    workspaces = person.membership_set.filter(role__in=WRITERS).values("workspace_id")
    return Store.objects.filter(workspace_id__in=workspaces).order_by("key")
