"""A made news site whose furniture rotates from capture to capture, as WARC records."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SITE = "https://www.harbour-gazette.example"
START = datetime(2026, 2, 2, 9, tzinfo=UTC)
ARTICLES = {
    "lighthouse-keeper-hands-over-the-lamp": """The lamp on Gull Rock has a new keeper after forty winters, the harbour board said on Monday.
She climbs 212 steps each evening, though a timer would do, because ships still answer with their horns.
Her predecessor kept a diary of every storm, and a museum on the mainland has asked to borrow it.
“I only know the weather from above,” he wrote on his last page, dated the week before.""",
    "orchard-growers-count-late-frost-losses": """A late frost took half of the pear blossom in three valleys, growers told a meeting in the school gym.
Cherries were spared, since they had not opened when the temperature fell to minus four.
Insurance pays from a third of a crop upwards, and assessors begin their rounds next week.
One family burned old tyres between its rows all night and saved eleven trees.""",
    "tramway-tests-quiet-wheels-uphill": """Line 4 ran without its famous squeal on Thursday, when rubber-lined wheels were tried on the steepest curve.
The workshop had cut the lining from conveyor belts of a closed mine.
Passengers noticed first that they could hear each other, and then that the driver was humming.
If the lining lasts through summer, the whole fleet is to be fitted by Advent.""",
    "observatory-opens-dome-for-schools": """Children from six villages will look at Saturn through a telescope built for generals.
The army left the dome in 1991 with a padlock for which nobody ever found a key.
A locksmith from the coast opened it in under a minute and refused to be paid.
Clouds are forecast for the opening, and the caretaker has prepared a film.""",
    "reservoir-reveals-drowned-chapel": """Low water has laid bare the chapel that was flooded with its valley in 1958.
Visitors walk to its door across cracked mud, some of them carrying photographs of weddings held there.
Divers had sealed the crypt long ago; the seal is dry now, and intact.
Rain is expected at the weekend, so that the road will be closed on Friday.""",
    "bakery-strike-ends-before-dawn": """Bread is back on the island after bakers accepted shorter nights in place of higher pay.
Ovens had been cold for nine days, during which the ferry brought toast from the mainland.
A mediator spoke with both sides in the only café that stayed open.
The first loaves were sold at 5 a.m. to a queue that reached the pier.""",
    "quarry-blast-wakes-seismologists": """Instruments two hundred kilometres away recorded Tuesday’s blast as a small earthquake.
The quarry had used up old stock before its licence ends with the month.
Windows in the parish were checked beforehand, and a single pane of the vicarage cracked.
Scientists thanked the foreman for a signal whose source they know to the metre.""",
    "theatre-finds-its-missing-curtain": """A velvet curtain lost in the fire brigade’s move of 1974 hangs again above the stage.
It had served as a cover for a hay wagon whose owner admired the golden fringe.
Seamstresses needed a winter to mend it and left one scorched corner as it was.
Tickets for the first evening went to those who could describe the old pattern.""",
    "vineyard-sells-harvest-to-students": """Forty students bought the grapes of a widow who could no longer climb her terraces.
They will press them in a garage, under a professor of chemistry who drinks only tea.
Labels are to be drawn by the children’s ward of the hospital.
What is earned above cost pays for a rail on the steepest stair.""",
}
SLUGS = list(ARTICLES)
PLEA = "Our reporters answer to nobody but the people who read them, and that costs money every single day."
TEASER = (
    "From the archive: how a brass band crossed the bay on a raft, and who paid for the drums in the end."
)


def address(number: int) -> str:
    """Return the address of an article; the first is the one to track."""
    return f"{SITE}/news/{SLUGS[number]}"


def page(number: int, turn: int, *, edit: str = "") -> bytes:
    """Return an article with the furniture of a turn; `edit` is added to its text."""
    title = SLUGS[number].replace("-", " ").title()
    lines = ARTICLES[SLUGS[number]].splitlines() + ([edit] if edit else [])
    text = [f"<p>{line}</p>" for line in lines]
    middle = 1 + turn % 3
    plea = f"<p>{PLEA}</p>" if turn % 3 else ""
    tease = f"<p>{TEASER}</p>" if turn % 3 != 1 else ""
    body = "".join([*text[:middle], plea, *text[middle:-1], tease, text[-1]])
    return (
        f"<html lang=en><head><title>{title}</title></head><body><h1>{title}</h1><div>{body}</div></body></html>"
    ).encode()


def write_warc(path: Path, captures: Iterable[tuple[str, datetime, bytes]]) -> Path:
    """Write captures (address, time, HTML) as a WARC file."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, at, html in captures:
            headers = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
            )
            date = {"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
            record = writer.create_warc_record(
                url, "response", payload=BytesIO(html), http_headers=headers, warc_headers_dict=date
            )
            writer.write_record(record)
            record.raw_stream.close()
    return path


def site(turns: int = 5) -> list[tuple[str, datetime, bytes]]:
    """Return `turns` captures of the first article, whose text never changes, and one of each other article."""
    own = [(address(0), START + timedelta(hours=7 * turn), page(0, turn)) for turn in range(turns)]
    others = [(address(n), START + timedelta(days=2 * n), page(n, n)) for n in range(1, len(SLUGS))]
    return own + others
