"""Twenty-four kinds of page furniture, written without sight of the parser, each in three dresses of class names.

Give `benchmarks.furniture_third:LOOKED_AT` (or KEPT_ASIDE, ALL, NAMED, OPAQUE, BARE) to the stability scorer as its
`--ops`.  An operation takes one page and returns two versions of it, which differ in furniture only.  NAMED carries the
class names a site's own style sheet has, OPAQUE the ones a compiler writes, BARE none.  LOOKED_AT may guide work on the
parser; what fails in KEPT_ASIDE must stay unread, or its figure is worth nothing.
"""

import hashlib
import html
import random
import re
from dataclasses import dataclass

import lxml.html

POOLS = [
    line.split("|")
    for line in """Ines Marlowe|Tobias Okonjo|Priya Sandoval|Henrik Aaltvedt|Maribel Quist|Dawit Ferenc|Leocadia Brandt|Samir Pellworth|Annika Oyelaran|Joaquim Tressell|Maeve Halloran|Bogdan Iyer|Chiyo Landgraf|Rafiq Dunmore|Wilhelmina Asante
Tarn Valley|Eastmere|Harrow Vale|Port Ysolde|Lindqvist Bay|Upper Maddow|Sankt Orrin|Vila Carro|Kestrel Point|New Brennock|Oldwick|Marsh Ferry
Ferry company cancels its winter timetable|Two rival bakers and the lane they share|Why the old observatory is for sale|Bridge tolls to rise for the third year running|What 40 years of rainfall records tell us|Museum returns a bronze bell to its island|The village that kept its only bus|Court clears the owner of a noisy cockerel|How a school of 19 pupils won the chess cup|Airport workers vote on a new offer|Inside the last typewriter workshop|Beekeepers fear a late frost|Council buys back the water works|A walk along the coast path, stage by stage
Our reporter spent six weeks with the night crew, and 11 of them agreed to speak.|“Nobody rang us,” the harbour master says. We did.|Three in ten households have changed supplier since spring. Is it worth it?|A listener in Oldwick sent us a tape from 1987.|The minister promised 400 new trains. Only 36 have been delivered.|We ask a judge, a baker and a pilot about their worst day.|According to the archive, the statue was moved twice. Our guest disagrees.|A short history of the parking meter, with sound effects.
Can I get my money back if my train is cancelled?=Yes, in full, if you ask within 28 days. Most companies answer within two weeks.|Will my heating bill go up again?=The regulator says a typical home will pay 6% more from October. “It could have been worse,” its head said.|Do I need a visa to work abroad for a month?=In 14 countries you do not. Elsewhere you should ask the embassy at least 60 days ahead.|How much sleep does a teenager need?=Between eight and ten hours, according to the children’s hospital in Sankt Orrin.|May my neighbour fly a drone over my garden?=Only above 120 metres, and never at night. Fines start at 250.|Who pays if a tree falls on my car?=The owner of the tree, if it was known to be ill. In 2018 about 3,000 drivers claimed.
Should shops in your town open on public holidays?|Would you pay more for a quieter flight?|Is it time to end the changing of the clocks?|Do you still carry cash?|Should voting be allowed from the age of 16?
What we know|How it began|Who is involved|What happens next|Reaction|The numbers|Background|Our method
Explain this in simple words|Who is affected?|What happens next?|How did it start?|What do critics say?|Give me the timeline|Why does this matter to me?|What is not known yet?
Doctors Stunned: Eat This Before Bed|Homeowners Over 55 Are Rushing To Claim This|27 Photos You Will Not Believe Are Real|The Hearing Device Everyone Talks About|Drivers In Your City Overpay By 412 A Year|She Bought A Shed, Look Inside Now|Forget Gym: 9 Minutes Are Enough|Unsold Cruise Cabins Are Almost Given Away|This Game Is Fun Even If You Only Play 5 Minutes|Top 10 Pillows Ranked By Sleepers|Why Bankers Hate This App
HomeSaver Daily|Vitalo|GadgetPrime|Quoteline|PlayHollow|TravelPenny
Staff nurse|Crane operator|Teacher of physics|Payroll clerk|Assistant vet|Bus driver|Pastry chef|Site engineer|Archivist
The lifts at the central station are out again. That is day nine.|Proud of every one of the 212 volunteers who came out this morning. Thank you!|If you see this dog near the mill, please call us. He answers to Biscuit.|We were told 48 hours. It has been three weeks.|Doors open at seven. We have 60 tickets left, and then that is it.
Rowers pass under the old bridge at dawn.|A baker carries out the first loaves of the day.|Children wait for the 7:40 ferry.|A fisherman mends his nets on the quay.|The fair returned after an absence of four years.|Snow covers the roof of the town hall.|Crews repaint the lighthouse, which is 131 years old.
The first trains are running again, the operator says.|Schools in four districts will stay shut on Friday.|“We have turned the corner,” the head of the fire service tells reporters.|About 2,300 homes are still without power.|The harbour has reopened to small boats.|The mayor is to speak at 18:00.
January|February|March|April|May|June|July|August|September|October|November|December""".splitlines()
]
PEOPLE, TOWNS, STORIES, TEASERS, QUESTIONS = POOLS[:5]
POLLS, SECTIONS, PROMPTS, BAIT, BRANDS = POOLS[5:10]
JOBS, POSTS, CAPTIONS, UPDATES, MONTHS = POOLS[10:]
LID, LATE, MIDDLE, TOP, HEADLINE, OUTSIDE = "lid", "last", "middle", "top", "headline", "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What one version of one page draws from: `fixed` is the same for both versions, `fresh` is not."""

    fixed: random.Random
    fresh: random.Random
    turn: int  # 0: the earlier version, 1: the later
    title: str
    said: list[str]

    def grown(self, low, high):
        """A counter, larger in the later version."""
        start = self.fixed.randint(low, high)
        return start + self.turn * self.fresh.randint(1, max(1, start // 4))

    def some(self, pool, many):
        """So many members of a pool, other ones in the later version."""
        return self.fresh.sample(list(pool), many)

    def day(self, rng=None):
        """A day of the year; the same in both versions unless told otherwise."""
        rng = rng or self.fixed
        return f"{rng.randint(1, 28)} {rng.choice(MONTHS)}"

    def clock(self):
        """A time of day, another one in the later version."""
        return f"{self.fresh.randint(6, 23)}:{self.fresh.randint(0, 59):02}"


KINDS = {}


def kind(place, *, appears):
    """Register a kind; `appears` is how often, in tenths, the earlier version lacks it altogether."""

    def register(markup):
        KINDS[markup.__name__] = (place, appears, markup)
        return markup

    return register


def joined(template, rows):
    return "".join(template.format(*row) for row in rows)


@kind(MIDDLE, appears=2)
def election_results(d):
    parties = ["Civic Union", "Farmers and Fishers", "Green Alliance", "Liberal Centre", "Independents"]
    town, total = d.fixed.choice(TOWNS), d.fixed.randint(200, 600)
    rows = [(p, f"{d.grown(9000, 90000):,}", d.grown(50, 400) / 10, d.grown(4, 70)) for p in parties]
    return f"""<figure class="election-widget"><figcaption class="election-widget__title">{town} assembly election: results
as they come in</figcaption><table class="election-widget__table"><thead><tr><th>Party</th><th>Votes</th><th>Share</th>
<th>Seats</th></tr></thead><tbody>{joined("<tr><td>{}</td><td>{}</td><td>{}%</td><td>{}</td></tr>", rows)}</tbody></table>
<p class="election-widget__status">{d.grown(90, 150)} of {total} districts counted. {total // 2 + 1} seats are needed for a
majority. Updated at {d.clock()}</p><p class="election-widget__source">Source: Electoral Office of {town}</p></figure>"""


@kind(HEADLINE, appears=5)
def weather_alert(d):
    what = d.fresh.choice(
        ["Heavy rain", "Snow and ice", "Thunderstorms", "Gusts of up to 110 km/h", "Extreme heat"]
    )
    return f"""<div class="alert-bar" role="alert"><strong class="alert-bar__level">{d.fresh.choice(["Amber", "Red", "Yellow"])}
warning</strong> <span class="alert-bar__text">{what} expected in {d.fresh.choice(TOWNS)} until {d.clock()}.
{d.grown(3, 40)} flood alerts are in force.</span> <a class="alert-bar__more" href="/weather/warnings">All warnings</a></div>"""


@kind(TOP, appears=5)
def listen_player(d):
    minutes = d.grown(3, 9)
    return f"""<listen-player class="audio-player" data-minutes="{minutes}"><button type="button" class="audio-player__play">
<svg viewBox="0 0 24 24"><path d="M8 5v14l11-7z"></path></svg></button><span class="audio-player__label">Listen to this
article</span> <span class="audio-player__time">{minutes} min</span> <small class="audio-player__note">This audio was made
by an automated voice. Names may be mispronounced.</small></listen-player>"""


@kind(TOP, appears=7)
def contents_box(d):
    heads = d.fixed.sample(SECTIONS, 5)[: 4 + d.turn]
    rows = enumerate(heads, 1)
    return f"""<div class="toc" id="toc"><h3 class="toc__title">In this article</h3><ol class="toc__list">
{joined('<li class="toc__item"><a href="#section-{}">{}</a></li>', rows)}</ol></div>"""


@kind(MIDDLE, appears=3)
def reader_poll(d):
    yes = d.fresh.randint(20, 70)
    rows = [("yes", "Yes", yes), ("no", "No", 92 - yes), ("unsure", "I am not sure", 8)]
    label = '<label class="poll__choice"><input type="radio" name="poll" value="{}"> {} <span class="poll__share">{}%</span></label>'
    return f"""<form class="poll" action="/poll" method="post"><h4 class="poll__kicker">Have your say</h4>
<p class="poll__question">{d.fixed.choice(POLLS)}</p>{joined(label, rows)}<button type="submit" class="poll__vote">Vote</button>
<p class="poll__total">{d.grown(800, 9000):,} readers have voted. This is not a scientific survey.</p></form>"""


@kind(MIDDLE, appears=0)
def social_post(d):
    name, post = d.fixed.choice(PEOPLE), d.fixed.choice(POSTS)
    handle = name.replace(" ", "").lower()[:12]
    return f"""<div class="social-embed"><p class="social-embed__author"><a href="https://social.example/{handle}"><b>{name}</b>
@{handle}</a></p><blockquote class="social-embed__text"><p lang="en" dir="ltr">{post}</p></blockquote>
<p class="social-embed__date">{d.fixed.randint(1, 11)}:{d.fixed.randint(10, 59)} PM · {d.day()}, {d.fixed.randint(2010, 2025)}</p>
<p class="social-embed__counts"><span>{d.grown(40, 9000):,} likes</span> <span>{d.grown(10, 900)} reposts</span>
<span>{d.grown(2, 300)} replies</span></p></div>"""


@kind(LATE, appears=2)
def donation_drive(d):
    goal = d.fixed.randint(50, 90) * 100
    given = d.grown(goal // 4, goal // 2)
    return f"""<div class="contribute"><h2 class="contribute__title">Before you go…</h2><p>{given:,} readers in {d.grown(12, 60)}
countries have given to this newsroom since Monday. We are still {goal - given:,} short of the {goal:,} we need by the end of
the month.</p><p>“I give because nobody else sits through our council meetings,” {d.fresh.choice(PEOPLE).split()[0]}, a reader
in {d.fresh.choice(TOWNS)}, told us.</p><div class="contribute__meter"><div style="width:{100 * given // goal}%"></div></div>
<p class="contribute__share">{100 * given // goal}% of our goal</p><a class="contribute__button" href="/give">Give from 2 a
month</a></div>"""


@kind(LATE, appears=2)
def author_bio(d):
    name = d.fixed.choice(PEOPLE)
    return f"""<p class="author-bio"><em><a href="/by/{name.split()[1].lower()}">{name}</a> is a senior correspondent based in
{d.fixed.choice(TOWNS)}. {name.split()[0]} joined us in {d.fixed.randint(1994, 2015)}, has covered {d.grown(4, 20)} elections in
{d.grown(3, 12)} countries, and is the author of “The Quiet Harbour”.</em></p>"""


@kind(OUTSIDE, appears=0)
def sponsored_grid(d):
    rows = [(i, *x) for i, x in enumerate(zip(d.some(BAIT, 6), d.some(BRANDS, 6), strict=True))]
    card = """<div class="promoted__card"><a href="https://clk.example/{0}" rel="nofollow sponsored"><img src="https://clk.example/{0}.jpg"
alt=""><span class="promoted__title">{1}</span></a><span class="promoted__brand">{2}</span></div>"""
    return f"""<div class="promoted" id="promoted-below"><div class="promoted__head"><span>You may like</span> <span>Sponsored
links by Clickhollow</span></div><div class="promoted__grid">{joined(card, rows)}</div></div>"""


@kind(MIDDLE, appears=0)
def gallery_counter(d):
    total = d.fixed.randint(6, 24)
    shown = 1 if d.turn == 0 else d.fresh.randint(2, total)
    return f"""<figure class="gallery"><div class="gallery__stage"><img src="/photo/{shown}.jpg" alt=""></div><div
class="gallery__nav"><button type="button">Previous</button> <span class="gallery__count">{shown} of {total}</span> <button
type="button">Next</button></div><figcaption class="gallery__caption">{d.fresh.choice(CAPTIONS)} <span
class="gallery__credit">{d.fresh.choice(PEOPLE)}/Picture Desk</span></figcaption></figure>"""


@kind(MIDDLE, appears=3)
def questions_card(d):
    rows = [x.split("=") for x in d.some(QUESTIONS, 3)]
    return f"""<section class="reader-questions"><h2 class="reader-questions__title">Your questions answered</h2>
{joined('<details class="reader-questions__item"><summary>{}</summary><p>{}</p></details>', rows)}<p
class="reader-questions__foot">So far we have answered {d.grown(20, 60)} of {d.grown(200, 900)} questions. <a href="/ask">Send us
yours</a></p></section>"""


@kind(MIDDLE, appears=2)
def jobs_table(d):
    rows = [(x, t, d.day(d.fresh)) for x, t in zip(d.some(JOBS, 3), d.some(TOWNS, 3), strict=True)]
    row = '<tr><td class="jobs-text"><font size="1"><a href="/jobs/view.asp"><b>{}</b></a><br>{}<br>Apply by {}</font></td></tr>'
    return f"""<table class="jobs-box" align="right" width="180" border="0" cellpadding="4" bgcolor="#eeeeee"><tr><td
class="jobs-head" bgcolor="#003366"><font color="#ffffff" size="2"><b>JOBS THIS WEEK</b></font></td></tr>{joined(row, rows)}<tr><td
class="jobs-text"><font size="1">{d.grown(100, 900)} vacancies online</font></td></tr></table>"""


@kind(MIDDLE, appears=2)
def case_counter(d):
    names = ["New cases", "In hospital", "In intensive care", "Deaths since the start", "Doses given"]
    spans = [(200, 9000), (90, 800), (8, 90), (500, 9000), (10000, 90000)]
    rows = [(name, f"{d.grown(*span):,}") for name, span in zip(names, spans, strict=True)]
    return f"""<div class="case-tracker"><h3 class="case-tracker__title">The virus in figures</h3><dl class="case-tracker__list">
{joined("<dt>{}</dt><dd>{}</dd>", rows)}</dl><p class="case-tracker__source">Source: Institute of Public Health,
{d.fixed.choice(TOWNS)}. Figures as of {d.day(d.fresh)}, {d.clock()}.</p></div>"""


@kind(LID, appears=0)
def market_tape(d):
    names = ["MERX 100", "Ysolde Composite", "Crude oil", "Gold", "EUR/USD", "USD/TRN"]
    rows = [
        (n.split()[0].lower(), n, d.fresh.randint(9000, 900000) / 100, d.fresh.randint(-290, 290) / 100)
        for n in names
    ]
    item = '<li class="ticker__item"><a href="/markets/{}">{}</a> <b>{:,.2f}</b> <span class="ticker__move">{:+.2f}%</span></li>'
    return (
        f"""<ul class="ticker">{joined(item, rows)}<li class="ticker__note">Delayed by 15 minutes</li></ul>"""
    )


@kind(TOP, appears=5)
def ask_chips(d):
    rows = [(x,) for x in d.some(PROMPTS, 3)]
    return f"""<section class="ask-ai"><p class="ask-ai__title">Ask about this article</p>{
        joined('<button type="button" class="ask-ai__chip">{}</button> ', rows)
    }<p class="ask-ai__note">Answers are written by a machine from
{d.grown(100, 900)} of our past articles. They can be wrong.</p></section>"""


@kind(MIDDLE, appears=3)
def live_pointer(d):
    rows = [(d.fresh.randint(2, 9) + 14 * i, x) for i, x in enumerate(d.some(UPDATES, 3))]
    return f"""<div class="live-promo"><div class="live-promo__head"><span class="live-promo__tag">Live</span> <a
href="/live/storm">Storm Odalys: follow the latest</a></div><ul class="live-promo__posts">{
        joined('<li><time>{} min ago</time> <a href="/live/storm">{}</a></li>', rows)
    }</ul><a class="live-promo__all" href="/live/storm">See all
{d.grown(30, 200)} updates</a></div>"""


@kind(MIDDLE, appears=2)
def match_score(d):
    home, away = d.fixed.sample(TOWNS, 2)
    rows = [(d.fixed.choice(PEOPLE).split()[1], d.fixed.randint(2, 44)) for _ in range(3)] + [
        ("Okafor", 67),
        ("Vance", 81),
    ]
    rows = rows[: 2 + d.turn * d.fresh.randint(1, 3)]
    score = sum(minute % 2 for _, minute in rows)
    return f"""<div class="scorebox"><div class="scorebox__league">Northern League, round {d.fixed.randint(3, 34)}
<span>{["Half-time", "Full-time"][d.turn]}</span></div><div class="scorebox__row"><span>{home}</span> <b>{score}</b></div><div
class="scorebox__row"><span>{away}</span> <b>{len(rows) - score}</b></div><div class="scorebox__goals">{joined("{} {}′ ", rows)}</div>
<div class="scorebox__crowd">Attendance: {d.fixed.randint(3000, 30000):,}</div></div>"""


@kind(MIDDLE, appears=10)
def quote_card(d):
    sentences = [
        s for text in d.said for s in re.split(r"(?<=[.!?])\s+", text) if 60 <= len(s) <= 170 and s != text
    ]
    if not sentences:
        return ""
    return f"""<figure class="quote-card"><blockquote class="quote-card__text"><p>{html.escape(d.fixed.choice(sentences))}</p>
</blockquote><div class="quote-card__share"><span>Share this quote</span> <a href="/share/wa">WhatsApp</a> <a
href="/share/mail">E-mail</a> <button type="button">Copy</button></div></figure>"""


@kind(LATE, appears=2)
def offer_countdown(d):
    return f"""<section class="offer"><h3 class="offer__title">Keep reading for 1 a week</h3><p class="offer__meter">You have
{d.fresh.randint(1, 4)} free articles left this month.</p><p class="offer__clock">This offer ends in {5 - d.turn - d.fixed.randint(0, 2)}
days, {d.fresh.randint(2, 23)} hours and {d.fresh.randint(2, 59)} minutes. After 12 weeks the price is 9.50 a month, and you can
cancel at any time. More than {d.grown(20, 90)},000 people subscribe already.</p><ul class="offer__list"><li>Every article, on up
to 3 devices</li><li>The evening edition, ad-free</li></ul><button type="button" class="offer__button">Subscribe now</button> <a
href="/login">Already a subscriber? Log in</a></section>"""


@kind(LATE, appears=8)
def print_notice(d):
    head = " ".join(d.title.split()[:6]) or d.fixed.choice(STORIES)
    return f"""<p class="print-edition">A version of this article appears in print on {d.day()} {d.fixed.randint(2006, 2024)}, on
page {d.fixed.randint(2, 30)} of the {["early", "late"][d.turn]} edition with the headline: {html.escape(head)}. <a
href="/reprints">Order reprints</a> | <a href="/paper">Today’s paper</a></p>"""


@kind(OUTSIDE, appears=0)
def podcast_list(d):
    rows = zip(d.some(STORIES, 4), d.some(TEASERS, 4), d.some(range(18, 62), 4), strict=True)
    item = """<li class="podcast__episode"><h4><a href="/podcast">{}</a></h4><p>{}</p><span class="podcast__length">{} min</span></li>"""
    return f"""<section class="podcast"><h2 class="podcast__name">The Long Wire: all {d.grown(60, 200)} episodes</h2>
<ol class="podcast__list">{joined(item, rows)}</ol></section>"""


@kind(MIDDLE, appears=3)
def map_legend(d):
    town = d.fixed.choice(TOWNS)
    rows = [
        (x,)
        for x in d.some(
            ["Road closed", "Shelter", "Flooded area", "Police line", "Bus diversion", "Hospital"], 4
        )
    ]
    return f"""<figure class="locator-map"><div class="locator-map__canvas"><svg viewBox="0 0 600 300"><text x="40" y="60">{town}</text>
<text x="300" y="200">Capital</text></svg></div><div class="locator-map__legend">{joined("<span>{}</span> ", rows)}<span>0</span>
<span>{d.fixed.choice([5, 20, 50, 100])} km</span></div><figcaption class="locator-map__credit">Map: {d.fixed.choice(PEOPLE)}, data
desk. Source: {town} Land Survey. Last updated {d.day(d.fresh)}, {d.clock()}</figcaption></figure>"""


@kind(MIDDLE, appears=4)
def tip_line(d):
    name = d.fixed.choice(PEOPLE)
    return f"""<hr><p class="tip-line"><strong>Do you know more?</strong> {name} has read {d.grown(200, 1900):,} letters from our
readers and would like to hear from you. Write to <a href="mailto:tips@desk.example">tips@desk.example</a> or call us on a safe
line, +00 555 01{d.fresh.randint(10, 99)}.</p><p class="tip-line"><em>We never name a source without asking first. You can also
send a letter, with no name on it.</em></p><hr>"""


@kind(LATE, appears=2)
def death_notices(d):
    who = [name.split() for name in d.some(PEOPLE, 4)]
    rows = [
        (n[1].upper(), n[0], d.fresh.randint(58, 101), d.fresh.choice(TOWNS), d.day(d.fresh)) for n in who
    ]
    item = "<li><b>{}, {}</b>, aged {}, of {}, died peacefully on {}. Family flowers only.</li>"
    return f"""<div class="family-notices"><h4 class="family-notices__title">Death notices</h4><ul>{joined(item, rows)}</ul><a
href="/notices">See all {d.grown(40, 200)} notices</a> <a href="/notices/new">Place a notice</a></div>"""


def dressed(markup, dress):
    if dress == "named":
        return markup
    markup = re.sub(r'\s(?:id|data-[\w-]+)="[^"]*"', "", markup)
    if dress == "bare":
        return re.sub(r'\sclass="[^"]*"', "", markup)

    def compiled(found):
        number = int(hashlib.sha256(found[1].encode()).hexdigest(), 16)
        code = "".join("abcdefghijklmnopqrstuvwxyz0123456789"[number // 36**i % 36] for i in range(6))
        return f'class="css-{code}"'

    return re.sub(r'class="([^"]*)"', compiled, markup)


def unseen(element):
    """Whether a browser would show nothing of what is put beside this element."""
    around = [element, *element.iterancestors()]
    style = ";".join(e.get("style") or "" for e in around).replace(" ", "").lower()
    return "display:none" in style or any(
        e.get("hidden") is not None or e.tag in {"noscript", "template", "script", "head"} for e in around
    )


def placed(document, paragraphs, place, where, markup):
    """Put the furniture in; False when the page has no such place."""
    body, parts = document.find("body"), lxml.html.fragments_fromstring(markup)
    if place == MIDDLE:
        anchor, method = paragraphs[max(0, min(len(paragraphs) - 2, int(len(paragraphs) * where)))], "addnext"
    elif place == LATE:
        anchor, method = paragraphs[-1], "addnext"
    elif place == TOP:
        anchor, method = paragraphs[0], "addprevious"
    elif place == OUTSIDE:
        anchor, method = paragraphs[0].getparent(), "addnext"
        while anchor.tag in {"td", "th", "tr", "tbody", "thead", "font", "span", "p", "li", "ul", "ol", "dd"}:
            anchor = anchor.getparent()
    else:
        heads = [h for h in document.iter("h1") if h.text_content().strip() and not unseen(h)]
        anchor, method = (heads[0] if place == HEADLINE and heads else body), "addprevious"
    if anchor is None or unseen(anchor):
        return False
    if anchor is body:
        if method == "addnext":
            body.extend(parts)
        else:
            parts[-1].tail, body.text = body.text, None
            body[:0] = parts
        return True
    if method == "addnext":
        parts[-1].tail, anchor.tail = anchor.tail, None
        parts.reverse()
    for part in parts:
        getattr(anchor, method)(part)
    return True


def seeded(*words):
    return random.Random(int(hashlib.sha256("|".join(words).encode()).hexdigest(), 16))


def operation(name, dress):
    place, appears, write = KINDS[name]

    def pair(page):
        plan, versions = seeded(page.id, name, "plan"), []
        absent, where = plan.random() * 10 < appears, plan.uniform(0.1, 0.8)
        for turn in (0, 1):
            document, paragraphs, _ = page.fresh()
            said = [re.sub(r"\s+", " ", p.text_content()).strip() for p in paragraphs]
            fixed, fresh = seeded(page.id, name, "fixed"), seeded(page.id, name, f"version {turn}")
            markup = write(Draw(fixed=fixed, fresh=fresh, turn=turn, title=page.title or "", said=said))
            if turn or not absent:
                markup = re.sub(r"\s*\n", " ", dressed(markup, dress))
                if not markup or not placed(document, paragraphs, place, where, markup):
                    return None
            versions.append("<!DOCTYPE html>\n" + lxml.html.tostring(document, encoding="unicode"))
        return tuple(versions) if versions[0] != versions[1] else None

    return pair


NAMED, OPAQUE, BARE = (
    {f"{name} ({dress})": operation(name, dress) for name in KINDS} for dress in ("named", "opaque", "bare")
)
ALL = NAMED | OPAQUE | BARE
ASIDE = tuple(KINDS)[12:]
LOOKED_AT = {key: value for key, value in ALL.items() if key.split(" ")[0] not in ASIDE}
KEPT_ASIDE = {key: value for key, value in ALL.items() if key.split(" ")[0] in ASIDE}
