"""Kinds of page furniture written by someone who had not read the parser, each in three dresses.

Usable as `--ops benchmarks.furniture_fresh:NAME`.  Every kind exists with telling class names (`NAMED`), with
classes as a style compiler makes them (`OPAQUE`) and without any (`BARE`).  `LOOKED_AT` and `KEPT_ASIDE` divide
the kinds, all dresses, into those whose errors may be read while the parser is worked on and those that may only
be counted.  Every name and text is made up.
"""

import hashlib
import random
import re

import lxml.html

HEADLINES = (
    "Glassworks strike enters its fourth week",
    "What the tunnel inquiry still has to answer",
    "Three charged over forged olive oil",
    "Mayor of Ostrava Bay to step down in May",
    "Heat closes 212 schools across the plain",
    "‘We had nowhere to go’: the night the dam road flooded",
    "Analysis: a budget that pleases nobody",
    "Orchestra cancels tour after bus crash",
    "Wolves return to the Karst, and so do the arguments",
    "Central bank leaves rate at 4.25 %",
    "Rail minister survives confidence vote",
    "In pictures: carnival on the frozen lake",
    "The last lighthouse keeper",
    "Drought turns reservoirs to dust",
    "Why do so many bridges here have no names?",
    "Two rescued from cliff above Sellmouth",
)
SENTENCES = (
    "Officials had known of the cracks since 2019, according to minutes seen by this newspaper.",
    "The company said it would appeal and that no employee had acted in bad faith.",
    "A retired judge explains why the treaty was never meant to last this long.",
    "Thousands marched through the old town on Sunday, and the police counted half as many.",
    "Our correspondent walked the length of the border and found it mostly empty.",
    "The harvest was the poorest in eleven years, and the price of bread has followed.",
    "Doctors in the valley see more children with asthma every spring, and they think they know why.",
    "Nobody disputes that the ship was overloaded; the quarrel is about who signed for it.",
    "He wrote four novels before anyone printed a line of them, and then he stopped.",
    "The vote was close, the count was slow, and the losing side has until Friday to object.",
)
PEOPLE = (
    "Marta Hollin",
    "Jonas Reyk",
    "Beatriz Calder",
    "Owen Sarkis",
    "Lena Vrba",
    "Idris Falk",
    "Noor Brandt",
)
PLACES = ("Sellmouth", "Ostrava Bay", "Karst", "Dunmarrow", "Port Ilse", "Vale")


def _classes(style, name):
    if style == "named":
        return f" class='{name}'"
    if style == "opaque":
        return (
            f" class='css-{hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:7]} e{len(name)}r'"
        )
    return ""


def _poll(rng, c):
    options = "".join(
        f"<div{c('inline-poll__option')}><label>{text}</label><b>{rng.randint(4, 60)} %</b></div>"
        for text in ("The government", "The railway", "Both of them", "Hard to say")
    )
    return (
        f"<div{c('inline-poll')}><p{c('inline-poll__question')}>Who do you think should pay for the repairs?</p>{options}"
        f"<p{c('inline-poll__total')}>{rng.randint(900, 9000):,} votes so far</p></div>"
    )


def _podcast(rng, c):
    return (
        f"<section{c('podcast-player')}><h3>{rng.choice(('The Morning Tide', 'Long Division', 'After the Whistle'))}</h3>"
        f"<p>{rng.choice(SENTENCES)}</p><div><button>Play</button><span>{rng.randint(12, 59)} min</span>"
        "<a href='/podcast/transcript'>Read the transcript</a> <a href='/podcast'>All episodes</a></div></section>"
    )


def _pinned(rng, c):
    items = "".join(
        f"<li><span>{rng.randint(1, 59)}m ago</span> <a href='/live/{i}'>{text}</a></li>"
        for i, text in enumerate(rng.sample(HEADLINES, 3))
    )
    return f"<div{c('live-pin')}><span>Live</span><h4><a href='/live'>Latest updates</a></h4><ul>{items}</ul></div>"


def _author(rng, c):
    name = rng.choice(PEOPLE)
    return (
        f"<div{c('author-bio')}><img src='/a.jpg' alt=''><p><a href='/by/{name.split()[0].lower()}'>{name}</a> is our "
        f"correspondent in {rng.choice(PLACES)}. Before that, {rng.choice(('she', 'he'))} reported on energy and the sea for "
        f"{rng.randint(6, 20)} years and won two regional prizes.</p></div>"
    )


def _appeal(rng, c):
    number = rng.randint(1100, 9800)
    return (
        f"<div{c('support-appeal')}><p>We have a small favour to ask. {number:,} readers gave last month so that this paper "
        f"can stay free for all.</p><p>If you can, please join them from just {rng.randint(2, 9)} euros a month.</p>"
        "<a href='/support'>Support us</a></div>"
    )


def _explained(rng, c):
    return (
        f"<aside{c('explainer-card')}><h4>Explained</h4><a href='/explained/{rng.randint(1, 99)}'>"
        f"<h5>{rng.choice(HEADLINES)}</h5><p>{rng.choice(SENTENCES)}</p></a></aside>"
    )


def _stocks(rng, c):
    cells = "".join(
        f"<li><a href='/q/{sign}'>{sign}</a> <span>{rng.randint(3, 900)}.{rng.randint(10, 99)}</span> "
        f"<span>{rng.choice(('▲', '▼'))} {rng.randint(0, 9)}.{rng.randint(10, 99)}%</span></li>"
        for sign in ("GLSX", "PORT", "VALE", "KRST")
    )
    return f"<ul{c('quote-strip')}>{cells}</ul>"


def _weather(rng, c):
    days = "".join(
        f"<div><span>{day}</span><span>{rng.randint(8, 30)}°C / {rng.randint(-5, 7)}°C</span></div>"
        for day in ("Mon", "Tue", "Wed")
    )
    return f"<div{c('weather-widget')}><h4>Weather in {rng.choice(PLACES)}</h4>{days}<a href='/weather'>Full forecast</a></div>"


def _gallery(rng, c):
    shots = "".join(
        f"<figure><img src='/g{i}.jpg' alt=''><figcaption>{text} <small>{rng.choice(PEOPLE)}</small></figcaption></figure>"
        for i, text in enumerate(rng.sample(SENTENCES, 2))
    )
    return (
        f"<div{c('photo-gallery')}>{shots}<a href='/gallery'>View all {rng.randint(5, 30)} photos</a></div>"
    )


def _follow(rng, c):
    topics = "".join(
        f"<button{c('follow-topic__button')}>Follow {name}</button>" for name in rng.sample(PLACES, 3)
    )
    return f"<div{c('follow-topic')}><span>Get alerts on these subjects</span>{topics}</div>"


def _consent(rng, c):
    who = rng.choice(("Clipstream", "Picshare", "Voxbox"))
    return (
        f"<div{c('embed-consent')}><p>This content is provided by {who}, which may use cookies and other technologies. "
        "To show you this content, we need your permission to use cookies.</p>"
        f"<p>You can change your settings at any time.</p><button>Allow {who} cookies</button><button>Allow once</button></div>"
    )


def _carousel(rng, c):
    slides = "".join(
        f"<div{c('carousel-slide')}><a href='/c/{i}'><img src='/c{i}.jpg' alt=''></a><a href='/c/{i}'>{text}</a>"
        f"<span>{rng.choice(('World', 'Culture', 'Money'))}</span></div>"
        for i, text in enumerate(rng.sample(HEADLINES, 4))
    )
    return f"<div{c('related-carousel')}><button>Previous</button>{slides}<button>Next</button></div>"


def _most_read(rng, c):
    rows = "".join(
        f"<div{c('most-read__row')}><span>{i}</span><a href='/m/{i}'>{text}</a></div>"
        for i, text in enumerate(rng.sample(HEADLINES, 5), 1)
    )
    return f"<div{c('most-read')}><strong>Most read</strong>{rows}</div>"


def _sponsor(rng, c):
    firm = rng.choice(("Brightwater Bank", "Calder Insurance", "Northwind Energy"))
    return (
        f"<div{c('sponsor-note')}><small>Presented by {firm}</small><p>{firm} helps families plan for what comes next. "
        f"<a href='https://{firm.split()[0].lower()}.example/'>Find out how</a></p></div>"
    )


def _letter(rng, c):
    title = rng.choice(("First Edition", "The Long Weekend", "Money Matters"))
    return (
        f"<div{c('inline-letter')}><h3>{title}</h3><p>{rng.choice(('Our editors pick', 'We gather'))} what matters and send it "
        "before breakfast.</p><form><label>Email address</label><input type='email'><label><input type='checkbox'> "
        "I agree to the terms and the privacy notice</label><button>Sign me up</button></form></div>"
    )


def _translated(rng, c):
    name = rng.choice(PEOPLE)
    return f"<p{c('language-note')}><a href='/es/{rng.randint(1, 99)}'>Leer en español</a> · <a href='/fr/{name[0]}'>Lire en français</a></p>"


def _minutes(rng, c):
    return f"<div{c('reading-time')}><span>{rng.randint(2, 14)} min read</span><span> | </span><span>{rng.randint(10, 999)} people reading now</span></div>"


def _listen(rng, c):
    return (
        f"<div{c('audio-article')}><button>Play</button><span>Listen to this article</span> "
        f"<span>{rng.randint(2, 14)}:{rng.randint(10, 59)}</span><p>This audio was generated by a synthetic voice.</p></div>"
    )


def _channel(rng, c):
    return (
        f"<p{c('channel-promo')}><b>Stay ahead.</b> Follow <a href='https://chat.example/c/{rng.randint(1, 99)}'>our WhatsApp channel</a> "
        f"for {rng.choice(('the day’s stories', 'breaking news from ' + rng.choice(PLACES)))}.</p>"
    )


def _voices(rng, c):
    said = "".join(
        f"<blockquote><p>{text}</p><cite>{rng.choice(('harbourlight', 'old_tram', 'mirela77', 'pstone'))}</cite></blockquote>"
        for text in rng.sample(
            (
                "I lived on that street for ten years and the trains were never the problem.",
                "Sad but true. They will blame the driver, as they always do.",
                "Why is nobody asking what the council did with the money?",
            ),
            2,
        )
    )
    return f"<div{c('comment-teaser')}><h4>What readers say</h4>{said}<a href='#comments'>Join the {rng.randint(20, 900)} comments</a></div>"


def _printed(rng, c):
    return (
        f"<div{c('print-only')}><p>Printed from news.example on {rng.randint(1, 28)} March 2023 at {rng.randint(10, 23)}:"
        f"{rng.randint(10, 59)}. For personal use only; ask before you copy it for others.</p></div>"
    )


def _results(rng, c):
    rows = "".join(
        f"<tr><td>{party}</td><td>{rng.randint(3, 48)}.{rng.randint(0, 9)}%</td><td>{rng.randint(1, 200)} seats</td></tr>"
        for party in ("Harbour List", "Union of the Plain", "Greens", "Others")
    )
    return (
        f"<div{c('results-widget')}><h4>Results so far</h4><table><tr><th>Party</th><th>Share</th><th>Seats</th></tr>{rows}</table>"
        f"<small>{rng.randint(20, 99)} % counted · updates every minute · <a href='/results'>Full results</a></small></div>"
    )


def _social(rng, c):
    name = rng.choice(PEOPLE)
    handle = name.split()[0].lower()
    return (
        f"<div{c('topbar-social')}><a href='https://s.example/{handle}'>Follow @{handle}</a> <span>{rng.randint(2, 90)}.{rng.randint(0, 9)}K "
        "followers</span></div>"
    )


def _deals(rng, c):
    items = "".join(
        f"<div><img src='/d{i}.jpg' alt=''><h5>{name}</h5><p>Now {rng.randint(19, 99)}.99, was {rng.randint(100, 200)}.00</p>"
        f"<a href='https://shop.example/{i}' rel='sponsored nofollow'>Buy</a></div>"
        for i, name in enumerate(rng.sample(("Rain jacket", "Bread oven", "Desk lamp", "Trail shoes"), 2))
    )
    return f"<div{c('shopping-box')}><h4>Picked for you</h4>{items}<small>We may earn a commission.</small></div>"


MAKERS = {
    "poll with totals": (_poll, 0.4, 0.4),
    "podcast with transcript": (_podcast, 0.3, 0.6),
    "pinned live story": (_pinned, 0.2, 0.2),
    "author biography": (_author, "end", "end"),
    "appeal with numbers": (_appeal, 0.5, 0.7),
    "explainer card": (_explained, 0.4, 0.4),
    "stock strip": (_stocks, 0.2, 0.2),
    "weather days": (_weather, 0.6, 0.6),
    "gallery captions": (_gallery, 0.4, 0.4),
    "follow buttons": (_follow, "end", "end"),
    "embed consent": (_consent, 0.3, 0.5),
    "story carousel": (_carousel, 0.5, 0.5),
    "most read in the body": (_most_read, 0.6, 0.6),
    "sponsor paragraph": (_sponsor, 0.3, 0.3),
    "newsletter form": (_letter, 0.3, 0.6),
    "other languages": (_translated, "top", "top"),
    "reading time": (_minutes, "top", "top"),
    "listen bar": (_listen, "top", "top"),
    "channel promotion": (_channel, 0.4, 0.8),
    "readers' voices": (_voices, "end", "end"),
    "printed from": (_printed, "end", "end"),
    "election results": (_results, 0.3, 0.3),
    "follow the writer": (_social, "top", "top"),
    "shopping box": (_deals, 0.5, 0.5),
}


def _operation(name, style):
    make, *places = MAKERS[name]

    def operation(page):
        rng = random.Random(int(hashlib.sha256(f"{page.id}|{name}|{style}".encode()).hexdigest(), 16))
        versions = []
        for place in places:
            document, paragraphs, _ = page.fresh()
            markup = make(rng, lambda part: _classes(style, part))
            node = lxml.html.fragment_fromstring(re.sub(r">\s+<", "> <", markup))
            if place == "top":
                paragraphs[0].addprevious(node)
            else:
                last = len(paragraphs) - 1
                spot = paragraphs[
                    last if place == "end" else max(0, min(last - 1, int(len(paragraphs) * place)))
                ]
                node.tail, spot.tail = spot.tail, None
                spot.addnext(node)
            versions.append("<!DOCTYPE html>\n" + lxml.html.tostring(document, encoding="unicode"))
        return tuple(versions)

    return operation


NAMED = {name: _operation(name, "named") for name in MAKERS}
OPAQUE = {name: _operation(name, "opaque") for name in MAKERS}
BARE = {name: _operation(name, "bare") for name in MAKERS}
LOOKED_AT = {
    f"{name} ({style})": _operation(name, style)
    for number, name in enumerate(MAKERS)
    if number % 2 == 0
    for style in ("named", "opaque", "bare")
}
KEPT_ASIDE = {
    f"{name} ({style})": _operation(name, style)
    for number, name in enumerate(MAKERS)
    if number % 2
    for style in ("named", "opaque", "bare")
}
