"""A mail in a real mailbox becomes a finding; a mailbox that is gone becomes a line that a person sees."""

from datetime import timedelta
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

from storeward import pipeline
from storeward.findings.models import Finding
from storeward.findings.tests import factories
from storeward.findings.tests.factories import NOW
from storeward.intake.models import Mailbox
from storeward.intake.tests.imap_process import running
from storeward.lib import clock

MAIL = b"""From: TikTok Shop <no-reply@seller.tiktok.com>
Subject: Violation points
Message-ID: <1@tiktok.com>
Date: Tue, 17 Nov 2026 12:00:00 +0800
Content-Type: text/plain; charset=utf-8

Your TikTok Shop store Luna Home 1 received 14 violation points.
Issued on 17 November 2026 10:00
"""


def test_a_mail_becomes_a_finding_and_a_mailbox_that_is_gone_a_line(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = factories.store(1)
    with running(tmp_path) as server:
        folder = server.folder("notices")
        for name, value in folder.settings.items():
            monkeypatch.setenv(name, value)
        folder.put(MAIL)
        with clock.frozen(NOW):
            assert pipeline.take_mail().counts == {"entered": 1}
        assert folder.unseen() == 0
    assert Finding.objects.exclude(status="resolved").get(rule="TTS-SEA-VP-12").store == store
    later = NOW + timedelta(minutes=2)
    with clock.frozen(later):
        assert pipeline.take_mail().error
    row = Mailbox.objects.get()
    assert (row.read_at, row.failing_since) == (NOW, later)
    assert "cannot be read" in row.error


def test_the_worker_looks_into_the_mailbox_every_two_minutes() -> None:
    crons = [one.cron for one in app.periodic_registry.periodic_tasks.values() if one.task.name.endswith("read_mailbox")]
    assert crons == ["*/2 * * * *"]
