"""Files that people brought: what was in them, what became of it, and who answers for it."""

from django.db import models


class UploadState(models.TextChoices):
    """A file is looked at first; nothing of it counts until somebody takes it over."""

    PREVIEWED = "previewed"
    TAKING = "taking"
    TAKEN = "taken"
    DISCARDED = "discarded"


class Upload(models.Model):
    """A table that somebody uploaded. `verdict` is what the preview shows: rows good and bad, and why each bad one is."""

    workspace_id = models.BigIntegerField()
    sheet = models.CharField(max_length=20)
    name = models.CharField(max_length=200, help_text="of the file")
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    as_of = models.DateTimeField(help_text="when the facts were true, where a row does not say it")
    uploaded_by = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.PREVIEWED)
    verdict = models.JSONField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=UploadState.values), name="upload_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="taken") | models.Q(taken_at__isnull=False), name="upload_taken_when"
            ),
        ]
        indexes = [models.Index(fields=["workspace_id", "-uploaded_at"], name="upload_latest")]
