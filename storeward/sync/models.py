"""Webhooks on their way in."""

from django.db import models

from storeward.stores.models import App


class PushState(models.TextChoices):
    """How far a webhook got."""

    NEW = "new"
    DONE = "done"
    IGNORED = "ignored", "about nothing we keep"
    FAILED = "failed"


class Push(models.Model):
    """A verified webhook, stored before it is acknowledged. It is a hint: the thing it names is read back from the platform."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, db_index=False)
    notification_id = models.CharField(max_length=120, help_text="the platform's id of it, else a digest of the body")
    platform_store_id = models.CharField(max_length=64, blank=True)
    topic = models.CharField(max_length=60, blank=True)
    kind = models.CharField(
        max_length=24, blank=True, help_text="what is to be read back: order, package ...; or the topic's deed"
    )
    platform_id = models.CharField(max_length=120, blank=True, help_text="which one")
    body = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=PushState.choices, default=PushState.NEW)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, help_text="a worker reads it back since then; a dead one's claim lapses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app", "notification_id"], name="push_once")]
        indexes = [
            models.Index(fields=["platform_store_id", "id"], condition=models.Q(state="new"), name="push_new"),
            models.Index(fields=["app", "platform_store_id", "received_at"], name="push_pace"),
        ]
