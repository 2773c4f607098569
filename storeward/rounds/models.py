"""Rounds: that the whole fleet was looked at, and what was seen."""

from django.db import models


class Round(models.Model):
    """One round over a workspace: when it was reckoned and its counts. Signing it off comes with the team issue."""

    workspace_id = models.BigIntegerField()
    at = models.DateTimeField()
    complete = models.BooleanField(help_text="every cell could be told")
    counts = models.JSONField(help_text="cells by state, findings by severity, money at risk")

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "-at"], name="round_latest")]
