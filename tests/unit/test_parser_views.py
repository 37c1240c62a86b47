"""Views of a page that do not depend on the reading say where they do not see the text that was read."""

import json

from crawler.parser import parse
from diffs.model import Article, View

HEADLINE = "North pier closed until the spring"
TEXT = (
    "The harbour board said on Monday that the north pier will be closed until the spring.",
    "Divers found cracks in three of the piles that carry the ferry ramp, the surveyor wrote.",
    "The ferry company will use the fish quay for the time being, and the timetable stays as it is.",
    "Traders on the quay fear for the lobster season, which opens in the second week of April.",
    "A tender for the repair is to be published before the council meets again on Thursday.",
)
OTHER = (
    "Readers of this paper meet once a month in the reading room above the old customs house.",
    "Everybody may bring a story, a photograph or a song from the years before the bridge was built.",
    "Tea is served from five, and the doors close when the last guest has gone home to bed.",
    "Members pay half, children pay nothing, and dogs are welcome on the lower floor only.",
    "The room can be hired on other days for weddings, meetings and the practice of small bands.",
)
DESCRIPTION = (
    "Divers found cracked piles under the ferry ramp; traders on the quay fear for the lobster season."
)


def read(*shown: str, written: tuple[str, ...] = (), described: str = "", free: bool = True) -> Article:
    data = {"@type": "NewsArticle", "headline": HEADLINE, "isAccessibleForFree": free}
    if written:
        data["articleBody"] = " ".join(written)
    body = "".join(f"<p>{line}</p>" for line in shown)
    markup = (
        f'<html><head><meta name="description" content="{described}"><script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><h1>{HEADLINE}</h1><div>{body}</div></body></html>"
    )
    return parse(markup.encode(), url="http://harbour.example/pier")


def test_a_text_that_every_view_sees_is_not_doubted() -> None:
    assert read(*TEXT, written=TEXT, described=DESCRIPTION).doubts == ()
    assert read(*TEXT).doubts == ()


def test_a_text_that_the_page_writes_down_otherwise_is_doubted() -> None:
    assert read(*OTHER, written=TEXT).doubts == (View.WRITTEN,)


def test_a_text_that_the_description_does_not_speak_of_is_doubted() -> None:
    assert read(
        *OTHER,
        described="Surveyors blame currents, anchors and worms; insurers demand sheet piling before summer.",
    ).doubts == (View.DESCRIPTION,)


def test_doubts_and_what_is_sold_are_no_part_of_what_makes_a_revision() -> None:
    one, other = read(*TEXT, free=False), read(*TEXT)
    assert one.sold
    assert not other.sold
    assert one.fingerprint == other.fingerprint
