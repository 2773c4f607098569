"""People and teams: created here, so that every way in (command, demo, page) does the same."""

from datetime import datetime

from django.db import transaction

from storeward.accounts.models import Membership, Role, User, Workspace
from storeward.audit.record import record


@transaction.atomic
def create_workspace(*, slug: str, name: str, now: datetime, currency: str = "USD", actor: str = "setup") -> Workspace:
    """The workspace of that slug, made on first call."""
    workspace, made = Workspace.objects.get_or_create(slug=slug, defaults={"name": name, "currency": currency, "created_at": now})
    if made:
        record(workspace_id=workspace.pk, at=now, actor=actor, action="accounts.create_workspace", subject=f"workspace:{slug}")
    return workspace


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    password: str,
    workspace: Workspace,
    role: Role,
    now: datetime,
    language: str = "",
    actor: str = "setup",
) -> User:
    """A person who can sign in; called again for the same address it sets password and role, and nothing is doubled."""
    address = email.strip().lower()
    person = User.objects.filter(email=address).first()
    if person is None:
        person = User.objects.create_user(address, password, name=name, language=language)
    else:
        person.set_password(password)
        person.save(update_fields=["password"])
    Membership.objects.update_or_create(workspace=workspace, user=person, defaults={"role": role})
    record(
        workspace_id=workspace.pk,
        at=now,
        actor=actor,
        action="accounts.create_person",
        subject=f"person:{address}",
        after={"role": role},
    )
    return person
