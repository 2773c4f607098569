"""Bringing tables by page: template, look, take or drop; nothing counts before, and nobody brings what is not theirs."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from storeward import pipeline
from storeward.intake import taking
from storeward.intake.models import Upload
from storeward.intake.sheets import SHEETS
from storeward.records.models import BalanceEvent, Stream
from storeward.web import bring
from storeward.web.tests.conftest import NOW
from storeward.web.tests.fleet import Fleet

HEADING = "Store,Balance,Currency,Read at,Colour"


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a worker would be asked for."""
    found: list[dict[str, Any]] = []

    class Job:
        def defer(self, **fields: Any) -> None:
            found.append(fields)

    monkeypatch.setattr(pipeline.take_table, "configure", lambda **_: Job())
    return found


def table(fleet: Fleet, *more: str) -> str:
    return "\n".join([HEADING, f"{fleet.stores[NEVER].key},-34.20,VND,2026-11-20 09:35,blue", *more])


NEVER = 12
"""A store without authorisation, whose balance people bring."""


@pytest.fixture(autouse=True)
def _never_asked(fleet: Fleet) -> None:
    Stream.objects.filter(store=fleet.stores[NEVER]).delete()


def send(client: Client, body: str | bytes, **fields: str) -> Any:
    content = body.encode() if isinstance(body, str) else body
    file = SimpleUploadedFile("balances.csv", content)
    return client.post("/bring/", {"sheet": "balances", "file": file} | fields)


def sent(client: Client, body: str, **fields: str) -> Upload:
    answer = send(client, body, **fields)
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.get(pk=int(answer.headers["Location"].split("/")[2]))


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# -- templates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", sorted(SHEETS))
def test_every_kind_has_a_template_in_the_readers_language(owner: Client, sheet: str) -> None:
    plain = owner.get(f"/bring/template/{sheet}/csv/")
    assert plain.headers["Content-Disposition"] == f'attachment; filename="storeward-{sheet}.csv"'
    assert plain.content.decode("utf-8-sig").startswith("Store*")
    owner.post("/me/language/", {"language": "zh-hans"})
    assert owner.get(f"/bring/template/{sheet}/csv/").content.decode("utf-8-sig").startswith("店铺*")
    book = CalamineWorkbook.from_filelike(io.BytesIO(owner.get(f"/bring/template/{sheet}/xlsx/").content))
    assert book.get_sheet_by_index(0).to_python()[0][0] == "店铺*"


@pytest.mark.parametrize("address", ["/bring/template/nothing/csv/", "/bring/template/orders/exe/"])
def test_a_template_that_is_none_is_not_there(owner: Client, address: str) -> None:
    assert owner.get(address).status_code == 404


def test_every_kind_is_listed_with_both_templates(owner: Client) -> None:
    page = html(owner, "/bring/")
    for name, sheet in SHEETS.items():
        assert sheet.english in page
        assert f"/bring/template/{name}/csv/" in page
        assert f"/bring/template/{name}/xlsx/" in page


# -- a look ---------------------------------------------------------------------------------------------------------------


def test_a_look_tells_each_bad_row_and_counts_nothing(owner: Client, fleet: Fleet) -> None:
    upload = sent(owner, table(fleet, f"{fleet.stores[NEVER].key},plenty,VND,,", "no-such-store,1,VND,,"))
    page = html(owner, f"/bring/{upload.pk}/")
    assert (upload.verdict["good"], upload.verdict["bad_rows"]) == (1, 2)
    assert "plenty" in page
    assert "<b>Balance</b>" in page
    assert "there is no store" in page
    assert "Colour" in page
    assert "−34.20" in page or "-34.20" in page
    assert "Take 1 row over?" in page
    assert not BalanceEvent.objects.exists()
    assert page.count("is-main") == 1


def test_an_instant_without_zone_is_meant_in_the_chosen_one(owner: Client, fleet: Fleet) -> None:
    upload = sent(owner, table(fleet), as_of="2026-11-20T09:00", zone="Asia/Manila")
    assert upload.as_of == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    assert sent(owner, table(fleet), as_of="2026-11-20T09:00", zone="Mars/Base").as_of == upload.as_of
    assert sent(owner, table(fleet)).as_of == NOW


@pytest.mark.parametrize(
    ("as_of", "says"), [("yesterday", "Give day and time"), ("2026-11-21T09:00", "cannot be from the future")]
)
def test_a_strange_instant_is_told_and_what_was_chosen_stays(owner: Client, fleet: Fleet, as_of: str, says: str) -> None:
    answer = send(owner, table(fleet), as_of=as_of)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert '<option value="balances" selected>' in page


@pytest.mark.parametrize(
    ("body", "says"), [("", "is empty"), ("a,b\n1,2", "has no column"), (HEADING, "no row below"), (b"\x89PNG\x00\xff\xfe", "")]
)
def test_a_file_that_is_none_is_told_in_a_sentence(owner: Client, body: str | bytes, says: str) -> None:
    answer = send(owner, body)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Upload.objects.count() == 1


def test_no_file_at_all_is_asked_for(owner: Client) -> None:
    assert "Choose a file first." in owner.post("/bring/", {"sheet": "orders"}).content.decode()


def test_a_kind_that_is_none_is_told(owner: Client, fleet: Fleet) -> None:
    assert "is no kind of table" in send(owner, table(fleet), sheet="gossip").content.decode().replace("&#x27;", "'")


def test_a_file_that_is_too_large_is_not_even_read(owner: Client, fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bring, "LARGEST", 10)
    monkeypatch.setattr(taking, "preview", None)
    assert "split it" in send(owner, table(fleet)).content.decode()


def test_rows_about_another_teams_stores_are_bad(owner: Client, fleet: Fleet) -> None:
    upload = sent(owner, table(fleet, f"{fleet.foreign.key},1,MYR,,"))
    assert upload.verdict["bad_rows"] == 1


# -- take and drop --------------------------------------------------------------------------------------------------------


def test_a_table_is_taken_by_a_worker_and_its_state_is_shown(owner: Client, fleet: Fleet, queued: list[dict[str, Any]]) -> None:
    upload = sent(owner, table(fleet))
    owner.post(f"/bring/{upload.pk}/take/")
    page = html(owner, f"/bring/{upload.pk}/")
    assert "It is being taken over; you may leave." in page
    assert 'hx-trigger="every 2s"' in page
    assert queued[0]["upload_id"] == upload.pk
    assert set(queued[0]["store_ids"]) == {store.pk for store in fleet.stores}
    taking.take(upload.pk, store_ids=queued[0]["store_ids"], who=queued[0]["who"], now=NOW)
    page = html(owner, f"/bring/{upload.pk}/")
    assert "Taken over." in page
    assert "New or different" in page
    assert "every 2s" not in page
    assert BalanceEvent.objects.get().store_id == fleet.stores[NEVER].pk


def test_what_a_dead_worker_left_is_taken_up_again(owner: Client, fleet: Fleet, queued: list[dict[str, Any]]) -> None:
    upload = sent(owner, table(fleet))
    for _again in range(2):
        owner.post(f"/bring/{upload.pk}/take/")
    assert "Take it up again" in html(owner, f"/bring/{upload.pk}/")
    assert len(queued) == 2


def test_what_was_dropped_is_not_taken(owner: Client, fleet: Fleet, queued: list[dict[str, Any]]) -> None:
    upload = sent(owner, table(fleet))
    owner.post(f"/bring/{upload.pk}/discard/")
    page = owner.post(f"/bring/{upload.pk}/take/", follow=True).content.decode()
    assert "This file can no longer be taken." in page
    assert "Dropped." in page
    assert not queued


def test_the_very_file_taken_before_is_recognised(owner: Client, fleet: Fleet, queued: list[dict[str, Any]]) -> None:
    first = sent(owner, table(fleet))
    assert "taken before" not in html(owner, f"/bring/{first.pk}/")
    owner.post(f"/bring/{first.pk}/take/")
    taking.take(first.pk, store_ids=queued[0]["store_ids"], who="Operations Lead", now=NOW - timedelta(hours=3))
    again = sent(owner, table(fleet))
    page = html(owner, f"/bring/{again.pk}/")
    assert "This very file was taken before." in page
    assert "by Operations Lead" in page


def test_the_fragment_alone_is_drawn_for_htmx(owner: Client, fleet: Fleet) -> None:
    asked = {"HX-Request": "true", "HX-Target": "sw-upload"}
    assert owner.get(f"/bring/{fleet.upload.pk}/", headers=asked).content.decode().startswith('<div id="sw-upload"')


def test_a_file_without_a_good_row_cannot_be_taken(owner: Client, fleet: Fleet) -> None:
    upload = sent(owner, f"{HEADING}\nno-such-store,1,VND,,")
    page = html(owner, f"/bring/{upload.pk}/")
    assert "No row could be read." in page
    assert f"/bring/{upload.pk}/take/" not in page


# -- who may, and the history ---------------------------------------------------------------------------------------------


def test_a_viewer_sees_what_was_brought_and_brings_nothing(viewer: Client, fleet: Fleet, queued: list[dict[str, Any]]) -> None:
    page = html(viewer, "/bring/")
    assert "orders-20-nov.csv" in page
    assert 'type="file"' not in page
    assert send(viewer, table(fleet)).status_code == 403
    for deed in ("take", "discard"):
        assert viewer.post(f"/bring/{fleet.upload.pk}/{deed}/").status_code == 403
    assert "You may look, not act." in html(viewer, f"/bring/{fleet.upload.pk}/")
    assert not queued


def test_another_team_sees_and_takes_nothing(outsider: Client, fleet: Fleet) -> None:
    assert "orders-20-nov.csv" not in html(outsider, "/bring/")
    assert outsider.get(f"/bring/{fleet.upload.pk}/").status_code == 404
    for deed in ("take", "discard"):
        assert outsider.post(f"/bring/{fleet.upload.pk}/{deed}/").status_code == 404
    fleet.upload.refresh_from_db()
    assert fleet.upload.state == "previewed"


def test_the_history_is_newest_first_with_its_figures(owner: Client, fleet: Fleet) -> None:
    sent(owner, table(fleet))
    page = html(owner, "/bring/").split('id="history"')[1]
    assert page.index("balances.csv") < page.index("orders-20-nov.csv")
    assert "looked at, not taken" in page


def test_acts_are_never_done_by_a_get(owner: Client, fleet: Fleet) -> None:
    for deed in ("take", "discard"):
        assert owner.get(f"/bring/{fleet.upload.pk}/{deed}/").status_code == 405
