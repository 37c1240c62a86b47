"""An invented event as twenty invented outlets told it: who moved when, how openly, and who never did."""

from datetime import UTC, datetime, timedelta

from diffs.history import history_of, revisions_in
from diffs.model import Article, Block, BlockKind, Citation, History, Observation, Outcome

START = datetime(2025, 6, 3, 5, 10, tzinfo=UTC)
OUTLETS = (
    "The Harrow Courier", "Sund Tidende", "Wire of Vell", "The Orsk Ledger", "Radio Talmar", "The Evening Beacon",
    "Dunmarr Post", "Coastal Gazette", "The Northern Star and Shipping Register of Port Sarel", "Lowland Herald",
    "Kestrian Broadcasting", "The Quay", "Morning Record", "Highland Mercury", "The Sarel Times", "Island Dispatch",
    "Harbour News", "The Daily Lantern", "Western Chronicle", "Vell Tribune",
)  # fmt: skip
TOLLS = (4, 9, 12, 17, 21)


def _article(outlet: int, figure: str, hour: int, correction: str = "") -> Article:
    blocks = [
        Block(
            kind=BlockKind.PARAGRAPH,
            text=f"The coast guard said {figure} people were killed when the ferry sank off Point {chr(65 + outlet)}.",
        ),
        Block(
            kind=BlockKind.PARAGRAPH, text=f"Boats searched the sound for hours, {OUTLETS[outlet]} reported."
        ),
    ]
    if correction:
        blocks.append(Block(kind=BlockKind.CORRECTION, text=correction))
    return Article(
        headline="Ferry sinks in the sound",
        publisher=OUTLETS[outlet],
        language="en",
        modified=START + timedelta(hours=hour) if outlet % 3 else None,
        blocks=tuple(blocks),
    )


def twenty_outlets() -> list[History]:
    """Return the histories of the twenty pages.

    Outlet 0 moves first and through every figure; each next one lags half an hour more and skips some. Outlets 5
    and 12 stop at the first figure, outlet 17 has a number in no version, outlet 8 corrects itself downwards.
    """
    return [_history(number) for number in range(len(OUTLETS))]


def _history(outlet: int) -> History:
    url = f"https://outlet{outlet:02}.example/ferry"
    observations, articles = [], {}
    for look in range(8):
        at = START + timedelta(minutes=30 * outlet + 190 * look)
        place = min(look if outlet % 2 == 0 else look // 2, len(TOLLS) - 1)
        figure, correction = str(TOLLS[place]), ""
        if outlet in (5, 12):
            figure = str(TOLLS[0])
        elif outlet == 17:
            figure = "many"
        elif outlet == 8 and look >= 6:
            figure = "19"
            correction = (
                "Correction: An earlier version of this article gave the number of dead as 21. It is 19."
            )
        if outlet % 4 == 1:
            figure = f"at least {figure}"
        article = _article(outlet, figure, look, correction)
        articles[article.fingerprint] = article
        link = f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{url}"
        capture = Citation(at=at, url=url, archive="wayback", link=link, digest=article.fingerprint[:32])
        observations.append(
            Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=article.fingerprint)
        )
    return history_of(revisions_in(observations, articles), observations, url=url)
