"""What a rulebook takes at its edges: own figures in time, days of feeds and reviews, texts that no database keeps."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeward.accounts.models import Workspace
from storeward.policy.terms import Span
from storeward.rulebook import announcements, feeds, own, review
from storeward.rulebook.errors import Refused
from storeward.rulebook.force import Figure, Published, intervals, plain
from storeward.rulebook.models import Feed, OwnFigure, RuleReview
from storeward.rulebook.review import due_on
from storeward.rulebook.tests.conftest import NOW

DAY = timedelta(days=1)
TODAY = NOW.date()


# -- published, withdrawn ------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "withdrawn", "counts"),
    [
        (NOW, None, True),
        (NOW - DAY, None, True),
        (NOW + timedelta(microseconds=1), None, False),
        (NOW - DAY, NOW, False),
        (NOW - DAY, NOW + timedelta(microseconds=1), True),
        (NOW - 2 * DAY, NOW - DAY, False),
        (NOW, NOW, False),
    ],
)
def test_a_version_counts_from_its_publication_until_before_its_withdrawal(
    published: datetime, withdrawn: datetime | None, counts: bool
) -> None:
    assert Published(1, (), published, withdrawn).counts(NOW) is counts


# -- own figures in time -------------------------------------------------------------


def figure(number: int, value: str | None, first: date, rule: str = "R", name: str = "hours", minutes: int = 0) -> Figure:
    return Figure(number, rule, name, None if value is None else Decimal(value), first, NOW + timedelta(minutes=minutes))


def spans(*figures: Figure) -> list[tuple[str, str, str, str | None]]:
    """Rule, figure, first day and the day on which it holds no more."""
    return sorted(
        (one.rule, f"{name} {value}", one.from_.isoformat(), None if one.to is None else one.to.isoformat())
        for one in intervals(figures)
        for name, value in one.figures.items()
    )


def test_no_figures_have_no_days() -> None:
    assert spans() == []


def test_a_figure_holds_over_the_end_of_months_and_leap_years() -> None:
    assert spans(figure(1, "3", date(2027, 12, 31)), figure(2, "2", date(2028, 2, 29), minutes=1)) == [
        ("R", "hours 2", "2028-02-29", None),
        ("R", "hours 3", "2027-12-31", "2028-02-29"),
    ]


def test_figures_of_other_rules_and_names_leave_one_another_alone() -> None:
    day = date(2026, 11, 1)
    assert spans(figure(1, "3", day), figure(2, "4", day, rule="S"), figure(3, "5", day, name="days")) == [
        ("R", "days 5", "2026-11-01", None),
        ("R", "hours 3", "2026-11-01", None),
        ("S", "hours 4", "2026-11-01", None),
    ]


def test_what_was_said_at_one_instant_counts_in_the_order_of_its_rows() -> None:
    day = date(2026, 11, 1)
    assert spans(figure(2, "4", day), figure(1, "3", day)) == [("R", "hours 4", "2026-11-01", None)]
    assert spans(figure(2, None, day), figure(1, "3", day)) == []


def test_an_end_before_the_beginning_takes_all_of_it_away() -> None:
    assert spans(figure(1, "3", date(2026, 11, 10)), figure(2, None, date(2026, 11, 1), minutes=1)) == []


def test_an_end_of_nothing_is_nothing() -> None:
    assert spans(figure(1, None, date(2026, 11, 1))) == []


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(1, 9)), st.integers(1, 28)), max_size=8))
def test_on_every_day_the_last_word_for_it_counts_and_only_one(said: list[tuple[int | None, int]]) -> None:
    figures = [
        figure(number, None if value is None else str(value), date(2026, 2, first), minutes=number)
        for number, (value, first) in enumerate(said)
    ]
    found = intervals(figures)
    for day in (date(2026, 2, number) for number in range(1, 29)):
        words = [one.figure for one in figures if one.from_day <= day]
        holding = [one.figures["hours"] for one in found if one.from_ <= day and (one.to is None or day < one.to)]
        assert holding == [word for word in words[-1:] if word is not None]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("3.000000", "3"), ("0.500000", "0.5"), ("100.000000", "100"), ("0.000000", "0"), ("62.125000", "62.125"), ("10", "10")],
)
def test_a_figure_comes_back_without_the_zeros_of_its_column(stored: str, shown: str) -> None:
    assert str(plain(Decimal(stored))) == shown


# -- how long a source is believed ---------------------------------------------------


def source(confidence: str, read_on: date) -> Span:
    return Span(source=("x",), read_on=read_on, confidence=confidence)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("confidence", "read_on", "reviewed_on", "due"),
    [
        ("official", date(2026, 11, 1), None, date(2027, 11, 1)),
        ("official", date(2027, 11, 1), None, date(2028, 10, 31)),
        ("seed", date(2026, 1, 1), None, date(2026, 6, 30)),
        ("third-party", date(2026, 1, 1), None, date(2026, 4, 1)),
        ("third-party", date(2028, 1, 1), None, date(2028, 3, 31)),
        ("uncertain", date(2026, 11, 30), None, date(2027, 2, 28)),
        ("uncertain", date(2027, 12, 1), None, date(2028, 2, 29)),
        ("uncertain", date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 30)),
        ("uncertain", date(2026, 3, 1), date(2026, 1, 1), date(2026, 5, 30)),
    ],
)
def test_a_source_is_looked_up_again_so_long_after_the_last_look(
    confidence: str, read_on: date, reviewed_on: date | None, due: date
) -> None:
    assert due_on(source(confidence, read_on), reviewed_on) == due


# -- feeds ---------------------------------------------------------------------------


def rss(*items: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("dated", "day"),
    [
        ("Mon, 16 Nov 2026 08:00:00 GMT", date(2026, 11, 16)),
        ("Mon, 16 Nov 2026 23:30:00 -0500", date(2026, 11, 17)),
        ("Tue, 29 Feb 2028 12:00:00 +0800", date(2028, 2, 29)),
        ("2026-11-16", date(2026, 11, 16)),
        ("2026-12-31T20:00:00Z", date(2026, 12, 31)),
        ("0000-00-00T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_an_entry_has_the_day_that_it_names_or_none(dated: str, day: date | None) -> None:
    (entry,) = feeds.entries(rss(f"<item><title>a</title><pubDate>{dated}</pubDate></item>"))
    assert entry.dated == day


def test_a_feed_of_years_is_not_poured_out_at_once_and_one_without_entries_is_one() -> None:
    items = [f"<item><title>{number}</title></item>" for number in range(feeds.AT_ONCE + 5)]
    assert [entry.title for entry in feeds.entries(rss(*items))] == [str(number) for number in range(feeds.AT_ONCE)]
    assert list(feeds.entries(rss("<title>News</title>"))) == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a\nb"),
        ("a<script>b</script>c", "ac"),
        ("<style>p{}</style>x", "x"),
        ("  many   spaces\n\nand lines ", "many spaces\nand lines"),
        ("</style>text", "text"),
        ("<head><title>t</title></head>body", "body"),
        ("<!-- no -->x", "x"),
        ("新规<b>则</b>", "新规则"),
    ],
)
def test_a_reader_sees_the_text_by_paragraphs(html: str, text: str) -> None:
    assert feeds.plain_text(html) == text


@given(st.text(max_size=80))
def test_any_text_is_read_without_blank_lines(html: str) -> None:
    lines = feeds.plain_text(html).split("\n")
    assert lines == [""] or all(line == " ".join(line.split()) and line for line in lines)


# -- the database --------------------------------------------------------------------


def test_figures_that_no_column_holds_are_refused_and_nothing_is_written(team: Workspace) -> None:
    refused = [
        ("LZD-INACTIVE", "days", "1E+30", "too many digits"),
        ("LZD-INACTIVE", "days", "1000000000000", "too many digits"),
        ("TTS-SEA-RESP12-MSG", "hours", "1E-9", "too many digits"),
        ("TTS-SEA-RESP12-MSG", "hours", "0.1234567", "too many digits"),
        ("TTS-SEA-RESP12-MSG", "hours", "NaN", "no usable figure"),
        ("TTS-SEA-RESP12-MSG", "hours", "0", "no usable figure"),
    ]
    for rule, name, value, says in refused:
        with pytest.raises(Refused, match=says):
            own.set_figure(team.pk, rule, name, Decimal(value), from_day=TODAY, why="x", by="x", now=NOW)
    assert not OwnFigure.objects.exists()
    row = own.set_figure(team.pk, "TTS-SEA-RESP12-MSG", "hours", Decimal("0.123456"), from_day=TODAY, why="x", by="x", now=NOW)
    assert OwnFigure.objects.get(pk=row.pk).figure == Decimal("0.123456")


def test_nobody_has_looked_a_rule_up_on_a_day_to_come(team: Workspace) -> None:
    with pytest.raises(Refused, match="day: it is still to come"):
        review.reviewed(team.pk, "LZD-SOT", day=TODAY + 2 * DAY, note="fine", by="x", now=NOW)
    assert not RuleReview.objects.exists()
    evening = datetime(2026, 11, 18, 23, tzinfo=UTC)  # the morning of the 19th in Kuala Lumpur
    row = review.reviewed(team.pk, "LZD-SOT", day=date(2026, 11, 19), note=" fine ", by="x", now=evening)
    assert (row.day, row.note) == (date(2026, 11, 19), "fine")


def test_a_mail_with_bytes_that_no_database_keeps_is_kept_without_them(team: Workspace) -> None:
    kept, made = announcements.bring(
        team.pk, text="Late\0 dispatch \ud800rate", title="a\0b", source="c\0d", by="mail", now=NOW, origin="mail"
    )
    again, anew = announcements.bring(team.pk, text="Late dispatch ?rate", by="mail", now=NOW, origin="mail")
    assert (made, anew, again.pk) == (True, False, kept.pk)
    assert (kept.text, kept.title, kept.source) == ("Late dispatch ?rate", "ab", "cd")
    with pytest.raises(Refused, match="nothing in it"):
        announcements.bring(team.pk, text="\0\0", by="mail", now=NOW, origin="mail")


def test_an_address_that_no_column_holds_is_refused(team: Workspace) -> None:
    longest = "https://a.example/" + "a" * (feeds.LONGEST_URL - 18)
    feeds.add(team.pk, url=longest, platform="shopee", by="x", now=NOW)
    with pytest.raises(Refused, match="url: it is longer"):
        feeds.add(team.pk, url=longest + "a", platform="shopee", by="x", now=NOW)
    assert Feed.objects.count() == 1
