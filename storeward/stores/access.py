"""Which stores a person may see. Every page and every command that acts for a person goes through here."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from storeward.accounts.models import Role, User, Workspace
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


CONNECTORS = {Role.OWNER, Role.OPERATIONS}


def workspaces_to_connect(person: User | AnonymousUser) -> QuerySet[Workspace]:
    """Teams for which the person may connect stores, renew authorisations and enter apps."""
    if not isinstance(person, User) or not person.is_active:
        return Workspace.objects.none()
    return Workspace.objects.filter(membership__user=person, membership__role__in=CONNECTORS).distinct().order_by("name", "pk")


def workspaces_to_fill(person: User | AnonymousUser) -> QuerySet[Workspace]:
    """Teams for whose stores the person may bring facts."""
    if not isinstance(person, User) or not person.is_active:
        return Workspace.objects.none()
    return Workspace.objects.filter(membership__user=person, membership__role__in=WRITERS).distinct().order_by("name", "pk")
