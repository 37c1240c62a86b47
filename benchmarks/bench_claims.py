"""Time the claim grammar against tools that read numbers or dependencies, in one run, as ratios.

    python benchmarks/bench_claims.py [--repeat N]

A peer that is not installed is named as absent and left out. The second table doubles adversarial texts.
"""

import argparse
import importlib
import importlib.util
import time
from itertools import count

from diffs.claims import claims_in_text

ARTICLE = """Ferry capsizes off the northern cape; officials say 31 dead

At least 31 people were killed and 54 others injured when an overcrowded ferry capsized in a storm off the northern cape
on Monday, the coast guard said. Rescuers were still looking for some 20 passengers, among them seven children.

The vessel, built in 1987 for 120 people, carried about twice that number, according to the harbour office. Its captain, 52,
was pulled from the water after three hours and taken to hospital. "We heard one loud crack and then the lights went out,"
said Mira Tal, a teacher who swam 400 metres to a rock. The ministry of transport put the number of dead at 28, and could
not confirm the figures of the coast guard.

Divers recovered nine bodies from the lower deck overnight, bringing the toll to 31, up from 22 on Monday evening. Twelve of
the injured were in critical condition. Two of the dead were members of the crew. No foreigners were reported missing.

It was the worst disaster at the cape since a tanker exploded there in 1998, killing 90 people. In recent years the company
has been fined three times, in all 2.4 million crowns, for sailing with too many passengers. Its owner denied that 15 people
had died on another of its ships in May. "If this goes on, hundreds will drown," the union had warned in a letter.

Prosecutors have opened an inquiry. Some 300 relatives waited at the pier, where volunteers handed out soup and blankets.
Schools will stay closed until Thursday, and the bridge, damaged by the storm, for at least two weeks."""

UNITS = (
    "12 killed ",
    "two killed and ",
    '"(said 12 dead, "(',
    "police: 12 dead: ",
    "toll to 12 ",
    "including 3 ",
    "that killed that ",
    "a man killed a man ",
    "among them 3 dead, ",
    "lost 3 men ",
)


_RUNS = count()


def unread(text):
    """Return a text with a word of its own in every paragraph, since a paragraph once read is remembered."""
    mark = f" x{next(_RUNS)} "
    return "\n\n".join(paragraph.replace(" ", mark, 1) for paragraph in text.split("\n\n"))


def seconds(call, *, repeat):
    best = float("inf")
    for _ in range(repeat):
        started = time.process_time()
        call()
        best = min(best, time.process_time() - started)
    return best


def adversarial(unit, size):
    text = unit * (size // len(unit))
    return seconds(lambda: claims_in_text(unread(text)), repeat=2)


def peers():
    """Yield the name of each peer and a call for one article, or None where it is not installed."""
    if importlib.util.find_spec("quantulum3") is None:
        yield "quantulum3", None
    else:
        parser = importlib.import_module("quantulum3.parser")
        yield "quantulum3", lambda: parser.parse(ARTICLE)
    if importlib.util.find_spec("spacy") is None:
        yield "spacy blank pipeline (tokens alone)", None
    else:
        blank = importlib.import_module("spacy").blank("en")
        yield "spacy blank pipeline (tokens alone)", lambda: blank(ARTICLE)
    if importlib.util.find_spec("spacy") is None or importlib.util.find_spec("en_core_web_sm") is None:
        yield "spacy dependency rule", None
    else:
        pipeline = importlib.import_module("spacy").load("en_core_web_sm")
        yield "spacy dependency rule", lambda: by_dependency(pipeline(ARTICLE))


def by_dependency(document):
    """Return the numbers whose noun is subject or object of a casualty verb."""
    verbs = {"kill", "wound", "injure", "die", "drown"}
    return [t.text for t in document if t.dep_ == "nummod" and t.head.head.lemma_ in verbs]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--repeat", type=int, default=15)
    repeat = parser.parse_args().repeat
    claims_in_text(ARTICLE)
    ours = seconds(lambda: claims_in_text(unread(ARTICLE)), repeat=repeat)
    words = len(ARTICLE.split())
    print(f"ours: {1000 * ours:.2f} ms of CPU for {words} words, {1000 * ours / words * 300:.2f} ms for 300")
    for name, call in peers():
        if call is None:
            print(f"{name}: not installed, not compared")
        else:
            call()
            theirs = seconds(call, repeat=3)
            print(f"{name}: {1000 * theirs:.2f} ms, {theirs / ours:.1f} times ours")
    print("\nadversarial texts            25 KB      50 KB     100 KB   100/50")
    for unit in UNITS:
        took = [adversarial(unit, size) for size in (25_000, 50_000, 100_000)]
        print(f"{unit!r:24}" + "".join(f"{1000 * s:8.0f} ms" for s in took) + f"{took[2] / took[1]:9.2f}")


if __name__ == "__main__":
    main()
