"""Further kinds of page furniture, for asking whether the parser is steady under kinds it was not written for.

Each operation takes a page (`page.fresh()` gives a copy of its document, its main paragraphs and all its
paragraphs; `page.id` names it) and returns two versions that differ in furniture only. `SEEN` were looked at
while the parser was written, `HELD_BACK` only to report. Every name and text is made up.
"""

import hashlib
import random
import re

import lxml.html

TITLES = (
    "Ferry company fined after harbour collision",
    "Why the northern rail line keeps failing",
    "Valley towns brace for a second week of rain",
    "Minister defends cost of the new stadium roof",
    "Inside the village that moved uphill",
    "Teachers vote on an offer their union calls final",
    "How a lost satellite was found by hobbyists",
    "Fishing fleet stays in port over fuel prices",
    "Museum returns bronze mask after ninety years",
    "Five things to watch in the coast election",
)
TEASERS = (
    "The council promised repairs in spring, but residents say that nobody has come to look at the bridge.",
    "A former pilot explains what the voice recorder can and cannot tell about the last minutes.",
    "Our reporter spent a night with the volunteers who watch the river so that others can sleep.",
    "Prices rose faster than anywhere else in the region, and the harbour district is changing with them.",
    "She left the island with two suitcases and came back to run its only bakery.",
    "What the new law says, whom it touches, and why the judges may have the last word.",
)
NAMES = ("Ada Merrow", "Tomas Kell", "Irina Voss", "Peter Lindqvane", "Salma Okoro", "Hugh Tarrant")


def _rng(page, name):
    return random.Random(int(hashlib.sha256(f"{page.id}|{name}".encode()).hexdigest(), 16))


def _render(document):
    return "<!DOCTYPE html>\n" + lxml.html.tostring(document, encoding="unicode")


def _after(element, markup):
    node = lxml.html.fragment_fromstring(markup)
    node.tail, element.tail = element.tail, None
    element.addnext(node)


def _before(element, markup):
    element.addprevious(lxml.html.fragment_fromstring(markup))


def _spot(paragraphs, share):
    return paragraphs[max(0, min(len(paragraphs) - 2, int(len(paragraphs) * share)))]


def _pair(name, make, place=0.4, other=None, *, appears=False, bare=False):
    """Make an operation that puts different fillings of one piece of furniture into the two versions.

    With `bare` the piece carries no class.
    """

    def operation(page):
        rng = _rng(page, name)
        versions = []
        for number, share in enumerate((place, place if other is None else other)):
            document, paragraphs, _ = page.fresh()
            if not (appears and number == 0):
                markup = make(rng, number)
                if bare:
                    markup = re.sub(r" class=['\"][^'\"]*['\"]", "", markup)
                if share == "top":
                    _before(paragraphs[0], markup)
                elif share == "end":
                    _after(paragraphs[-1], markup)
                elif share == "outside":
                    _after(paragraphs[0].getparent(), markup)
                else:
                    _after(_spot(paragraphs, share), markup)
            versions.append(_render(document))
        return tuple(versions)

    return operation


def _poll(rng, _):
    options = "".join(
        f'<li><label><input type="radio" name="v"> {text}</label> <span>{rng.randint(2, 60)}%</span></li>'
        for text in rng.sample(("Yes", "No", "Not sure", "Only in summer", "I would rather not say"), 3)
    )
    question = rng.choice(TITLES).replace("Why", "Should") + "?"
    return f'<div class="poll-box"><h4>Reader poll</h4><p>{question}</p><ul>{options}</ul><button>Vote</button></div>'


def _podcast(rng, _):
    return (
        '<section class="pod-card"><img src="/pod.jpg" alt=""><div><h3>The Harbour Hour</h3>'
        f"<p>{rng.choice(TEASERS)}</p><span>Episode {rng.randint(2, 300)}</span> <a href='/pod'>Listen now</a></div></section>"
    )


def _donate(rng, _):
    text = rng.choice(
        (
            "Independent reporting takes time and care.",
            "Nobody owns us but our readers.",
            "We keep this page open for everyone.",
        )
    )
    return f'<p class="give"><em>{text} <a href="/give">Support our newsroom with a gift today</a>.</em></p>'


def _bio(rng, _):
    name = rng.choice(NAMES)
    return (
        f'<div class="writer"><img src="/w.jpg" alt=""><h4><a href="/people/{rng.randint(1, 99)}">{name}</a></h4>'
        f"<p>{name} covers courts and harbours and lives by the sea with too many books.</p></div>"
    )


def _tags(rng, _):
    items = rng.sample(("Harbour", "Rail", "Rain", "Museum", "Coast", "Courts", "Fishing"), 4)
    return (
        '<ul class="topics">' + "".join(f'<li><a href="/t/{i.lower()}">{i}</a></li>' for i in items) + "</ul>"
    )


def _ticker(rng, _):
    rows = "".join(
        f"<div><span>{name}</span> <span>{rng.randint(900, 9000)}.{rng.randint(10, 99)}</span> "
        f"<span>{rng.choice('+-')}{rng.randint(0, 3)}.{rng.randint(10, 99)}%</span></div>"
        for name in ("COAST 50", "Harbour Gold", "Rail Index")
    )
    return f'<div class="mkt">{rows}</div>'


def _native(rng, _):
    return (
        f'<div class="nat"><span>Paid post</span><a href="/ad/{rng.randint(1, 99)}"><h4>{rng.choice(TITLES)}</h4></a>'
        f"<p>{rng.choice(TEASERS)}</p></div>"
    )


def _slides(rng, number):
    return (
        f'<div class="slides"><img src="/s{number}.jpg" alt=""><span>{rng.randint(1, 9)} / 12</span>'
        f"<p>{rng.choice(TEASERS)}</p></div>"
    )


def _meta_strip(rng, _):
    return (
        f'<div class="strip"><a href="/">Home</a> <a href="/world">World</a> <span>{rng.randint(2, 12)} min read</span> '
        f"<span>Last checked {rng.randint(1, 11)}:{rng.randint(10, 59)} pm</span></div>"
    )


def _quiz(rng, _):
    return (
        f'<section class="qz"><h3>Test yourself: {rng.choice(TITLES)}</h3><p>Ten questions, no prizes, much pride.</p>'
        '<a class="btn" href="/quiz">Start the quiz</a></section>'
    )


def _event(rng, _):
    return (
        f'<div class="evt"><p><strong>Live event:</strong> {rng.choice(NAMES)} talks with our readers on '
        f"{rng.choice(('Monday', 'Tuesday', 'Friday'))} evening. <a href='/events'>Reserve a seat</a></p></div>"
    )


def _app(rng, _):
    return (
        f"<div class='appbar'><p>{rng.choice(('Read faster in our app.', 'Alerts that matter, in our app.'))}</p>"
        "<a href='/ios'>App Store</a> <a href='/android'>Google Play</a></div>"
    )


def _scores(rng, _):
    rows = "".join(
        f"<tr><td><a href='/team/{i}'>{name}</a></td><td>{rng.randint(0, 5)}</td></tr>"
        for i, name in enumerate(("Harbour United", "Valley Town", "Northport", "Old Mill"))
    )
    return f"<div class='scoreboard'><h4>Scores</h4><table><tbody>{rows}</tbody></table></div>"


def _weather(rng, _):
    return (
        f"<div class='wx'><span>Northport</span> <span>{rng.randint(-9, 30)}°</span> "
        f"<span>{rng.choice(('Cloudy', 'Rain', 'Clear'))}</span></div>"
    )


def _explore(rng, _):
    cards = "".join(
        f"<a href='/x/{i}'><img src='/x{i}.jpg' alt=''><span>{title}</span></a>"
        for i, title in enumerate(rng.sample(TITLES, 3))
    )
    return f"<div class='xpl'><span>Explore</span>{cards}</div>"


def _meter(rng, _):
    return f"<p class='mtr'>You have {rng.choice(('one', 'two', 'three'))} free articles left this month. <a href='/join'>See plans</a></p>"


def _trending(rng, _):
    links = " ".join(f"<a href='/tr/{i}'>{t}</a>" for i, t in enumerate(rng.sample(TITLES, 3)))
    return f"<div class='trd'><b>Trending</b> {links}</div>"


def _arrow(rng, _):
    return f"<p class='arw'>▶ <a href='/n/{rng.randint(1, 99)}'>{rng.choice(TITLES)}</a></p>"


def _member_note(rng, _):
    return (
        "<div class='mem'><p>"
        + rng.choice(
            (
                "This story is free to read because members pay for it.",
                "You can read this page without paying because others do.",
            )
        )
        + "</p></div>"
    )


def _details(rng, _):
    return (
        f"<details class='bg'><summary>How we reported this</summary><p>{rng.choice(TEASERS)}</p></details>"
    )


SEEN = {
    "poll": _pair("poll", _poll),
    "podcast card": _pair("podcast", _podcast, 0.3, 0.6),
    "donation line": _pair("donate", _donate),
    "author box at the end": _pair("bio", _bio, "end"),
    "topic list at the end": _pair("tags", _tags, "end"),
    "market ticker": _pair("ticker", _ticker, "top"),
    "native advertisement": _pair("native", _native),
    "native advertisement appears": _pair("native", _native, appears=True),
    "slideshow": _pair("slides", _slides),
    "reading-time strip": _pair("strip", _meta_strip, "top"),
}
HELD_BACK = {
    "quiz": _pair("quiz", _quiz),
    "event": _pair("event", _event),
    "app bar": _pair("app", _app, "top"),
    "scoreboard": _pair("scores", _scores),
    "weather": _pair("weather", _weather, "top"),
    "explore cards": _pair("explore", _explore),
    "article meter": _pair("meter", _meter),
    "trending strip": _pair("trending", _trending),
    "arrow link": _pair("arrow", _arrow),
    "member note": _pair("member", _member_note),
    "reporting note": _pair("details", _details),
}
BARE = {
    "poll": _pair("poll", _poll, bare=True),
    "podcast card": _pair("podcast", _podcast, 0.3, 0.6, bare=True),
    "donation line": _pair("donate", _donate, bare=True),
    "native advertisement": _pair("native", _native, bare=True),
    "event": _pair("event", _event, bare=True),
    "app bar": _pair("app", _app, "top", bare=True),
    "article meter": _pair("meter", _meter, bare=True),
    "member note": _pair("member", _member_note, bare=True),
    "reporting note": _pair("details", _details, bare=True),
}
ALL = SEEN | HELD_BACK
