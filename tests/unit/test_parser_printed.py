"""Dates as pages print and declare them."""

from datetime import UTC, datetime

import pytest

from crawler.parser import parse
from crawler.parser.printed import is_stamp_line
from crawler.parser.stamps import offset_in, stamp_in


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("۱۳ شهریور ۱۴۰۲", (2023, 9, 4)),
        ("دوشنبه ۱۳ شهريور ۱۴۰۲ - ۱۰:۲۰", (2023, 9, 4)),
        ("1403/12/30", (2025, 3, 20)),
        ("1400-01-01", (2021, 3, 21)),
        ("14 października 2020", (2020, 10, 14)),
        ("15 Ekim 2022", (2022, 10, 15)),
        ("2 जुलाई 2023", (2023, 7, 2)),
        ("20 בנובמבר 2019", (2019, 11, 20)),
        ("7 يونيو 2022", (2022, 6, 7)),
        ("12 апреля 2021", (2021, 4, 12)),
        ("6 вересня 2023", (2023, 9, 6)),
    ],
)
def test_a_day_is_read_in_its_language_and_calendar(text: str, day: tuple[int, int, int]) -> None:
    at = stamp_in(text)
    assert at is not None
    assert (at.year, at.month, at.day) == day


@pytest.mark.parametrize(
    "text", ["1402/13/01", "1402/07/31", "1299/01/01", "3 listopada 2020", "1402/06/13 1402/06/14"]
)
def test_a_day_that_is_none_or_could_be_two_is_not_read(text: str) -> None:
    assert stamp_in(text) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2009/04/21 19:50:44", datetime(2009, 4, 21, 19, 50, 44, tzinfo=UTC)),
        ("2024-5-3", datetime(2024, 5, 3, tzinfo=UTC)),
        ("Jan 2, 2024 11:40 AM EST", datetime(2024, 1, 2, 16, 40, tzinfo=UTC)),
        ("Jan 2, 2024 1:10 PM EST", datetime(2024, 1, 2, 18, 10, tzinfo=UTC)),
        ("January 2, 2024 1:10 pm", datetime(2024, 1, 2, 13, 10, tzinfo=UTC)),
        ("12:05 AM, Jan 2 2024", datetime(2024, 1, 2, 0, 5, tzinfo=UTC)),
        ("Published Tue, May 14 2024 • 9:29 AM EDT", datetime(2024, 5, 14, 13, 29, tzinfo=UTC)),
        ("Updated 2:15 PM ET, Fri May 3, 2024", datetime(2024, 5, 3, 19, 15, tzinfo=UTC)),
        ("14. Mai 2024, 14:30 Uhr", datetime(2024, 5, 14, 14, 30, tzinfo=UTC)),
        ("14 de mayo de 2024", datetime(2024, 5, 14, tzinfo=UTC)),
        ("le 2 août 2021", datetime(2021, 8, 2, tzinfo=UTC)),
        ("2019年2月22日 14時", datetime(2019, 2, 22, tzinfo=UTC)),
        ("25/12/2019 18:00", datetime(2019, 12, 25, 18, 0, tzinfo=UTC)),
        ("12/25/2019 6:05 PM", datetime(2019, 12, 25, 18, 5, tzinfo=UTC)),
        ("5 May 2024 3:00 p.m. XQZT", datetime(2024, 5, 5, tzinfo=UTC)),
        ("Dienstag, den 14. Mai 2024", datetime(2024, 5, 14, tzinfo=UTC)),
        ("14 May 2024 (Tuesday)", datetime(2024, 5, 14, tzinfo=UTC)),
        ("The Sun, 14 May 2024", datetime(2024, 5, 14, tzinfo=UTC)),
        ("Changed on Monday. 14 May 2024", datetime(2024, 5, 14, tzinfo=UTC)),
        ("Tue, 14 May 2024 09:29:00 GMT", datetime(2024, 5, 14, 9, 29, tzinfo=UTC)),
    ],
)
def test_a_date_is_read(text: str, at: datetime) -> None:
    assert stamp_in(text) == at


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2024",
        "May 2024",
        "13:10 PM Jan 2, 2024",
        "Jan 2, 2024 to Jan 5, 2024",
        "31 April 2024",
        "version 2.3.2019a",
        "Monday, 14 May 2024",
        "Published Mon., May 14 2024, 9:29 AM EDT",
        "Mon, 14 May 2024 09:29:00 GMT",
        "14 May 2024 (Monday)",
        "Mittwoch, den 14. Mai 2024, 14:30 Uhr",
        "lunes, 14 de mayo de 2024",
        "måndag 14 maj 2024",
        "",
        "soon",
    ],
)
def test_none_is_better_than_a_wrong_one(text: str) -> None:
    assert stamp_in(text) is None


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("Published Sun, Feb 11 2024 • 9:29 AM EST | Updated Sun, Feb 11 2024 • 11:37 AM EST", True),
        ("Saturday 24 December 2016 18.36 GMT Last modified on Friday 30 December 2016 14.35 GMT", True),
        ("Stand: 28. April 2023, 05:00 Uhr", True),
        ("On 14 May 2024 at 9:29 a slide killed 12 people", False),
        ("12 dead in 2024", False),
    ],
)
def test_a_line_that_prints_a_time_and_nothing_else(text: str, *, only: bool) -> None:
    assert is_stamp_line(text) is only


@pytest.mark.parametrize(
    ("head", "printed", "note"),
    [
        (
            "",
            "<p>Monday, 14 May 2024</p>",
            "the date printed is not read, it is another day of the week: Monday, 14 May 2024",
        ),
        (
            '<meta name="date" content="Monday, May 14, 2024">',
            "",
            "published is not read from meta date: Monday, May 14, 2024 is another day of the week",
        ),
    ],
)
def test_a_date_of_another_weekday_is_left_out_and_noted(head: str, printed: str, note: str) -> None:
    page = f"<html><head>{head}</head><body><article><h1>Slope slides on a village</h1>{printed}<p>A slide killed 12 people, the county said.</p></article></body></html>"
    article = parse(page.encode(), url="https://courier.example/a")
    assert (article.published, article.notes) == (None, (note,))


def test_twelve_hour_stamps_keep_their_order() -> None:
    def modified(value: str) -> datetime | None:
        page = f"<html><head><meta property='article:modified_time' content='{value}'></head><body><h1>Slope slides</h1><p>A slide killed 12 people on Monday, the county said.</p></body></html>"
        return parse(page.encode(), url="https://courier.example/a").modified

    before, after = modified("Jan 2, 2024 11:40 AM EST"), modified("Jan 2, 2024 1:10 PM EST")
    assert before is not None
    assert after is not None
    assert before < after


@pytest.mark.parametrize(
    ("url", "printed", "at"),
    [
        (
            "https://courier.example/a",
            "<div>Sunday, February 11, 2024</div>",
            datetime(2024, 2, 11, tzinfo=UTC),
        ),
        (
            "https://courier.example/a",
            "<p>Published 11 Feb 2024, 14:30 CET</p>",
            datetime(2024, 2, 11, 13, 30, tzinfo=UTC),
        ),
        ("https://courier.example/a", "<p>Updated 12 Feb 2024</p>", None),
        ("https://courier.example/news/2024/02/11/slope", "", datetime(2024, 2, 11, tzinfo=UTC)),
        ("https://courier.example/news/2024/02/slope", "", None),
    ],
)
def test_a_page_without_meta_tags_is_dated_by_what_it_prints_and_where_it_lies(
    url: str, printed: str, at: datetime | None
) -> None:
    page = f"<html><body><article><h1>Slope slides on a village</h1>{printed}<p>A slide killed 12 people on Monday, the county said.</p></article></body></html>"
    assert parse(page.encode(), url=url).published == at


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("by Mara Ellin / January 19, 2017 / Leave a comment", datetime(2017, 1, 19, tzinfo=UTC)),
        ("jeudi 13 juin 2019, par Jean Roux", datetime(2019, 6, 13, tzinfo=UTC)),
        ("22.10.2025, Lesezeit 3 Min. Gastbeitrag", datetime(2025, 10, 22, tzinfo=UTC)),
        (
            "Published time: 3 Apr, 2016 11:47Edited time: 4 Apr, 2016 16:30",
            datetime(2016, 4, 3, 11, 47, tzinfo=UTC),
        ),
        ("Updated by Mara Ellin, 19 January 2017", None),
        ("© 19 January 2017 Harbour Post", None),
        ("On 19 January 2017 the pier was closed for good, the harbour board said.", None),
    ],
)
def test_a_date_next_to_the_headline_is_read_with_the_name_beside_it(line: str, day: datetime | None) -> None:
    text = "The harbour board said on Monday that the north pier will be closed until the spring."
    markup = f"<html><body><h1>North pier closed until the spring</h1><div>{line}</div><div class=b><p>{text}</p><p>{text[4:]}</p></div></body></html>"
    assert parse(markup.encode(), url="http://harbour.example/pier").published == day


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2016-09-17T22:26:40-04:00", -240),
        ("2024-05-01T09:30:00+0530", 330),
        ("2024-05-01T09:30:00+00:00", None),
        ("2024-05-01T09:30:00Z", None),
        ("2024-05-01T09:30:00", None),
        ("2024-05-01T09:30:00+99:00", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_stamp_states_how_far_its_clock_is_from_utc(text, minutes):
    assert offset_in(text) == minutes


def test_a_zone_that_no_place_has_leaves_the_day_alone():
    assert stamp_in("2024-05-01T09:30:00+99:00") == datetime(2024, 5, 1, tzinfo=UTC)


def test_an_article_keeps_the_offset_of_its_page_apart_from_its_times():
    page = (
        '<html><head><meta property="article:published_time" content="2016-09-17T22:26:40-04:00"></head>'
        "<body><h1>Ferry sinks</h1><p>Twelve people died when a ferry sank off the coast on Saturday.</p></body>"
    )
    article = parse(page.encode(), url="https://a.example/x")

    assert article.utc_offset == -240
    assert article.published == datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)
