"""What was done, by whom, kept for good."""

from django.db import models


class Entry(models.Model):
    """One deed. People and things are named as text, so that the entry outlives them. Append-only: a trigger refuses change."""

    workspace_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200, help_text="e-mail of the person, or the name of the machine's part")
    action = models.CharField(max_length=60, help_text="stage and deed, e.g. findings.snooze")
    subject = models.CharField(max_length=200, help_text="kind and id, e.g. finding:4711")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "-at"], name="audit_latest")]
