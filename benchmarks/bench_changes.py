"""How long aligning, diffing and weighing two versions takes, beside plain diff-match-patch and difflib."""

import difflib
import random
import time

from diff_match_patch import diff_match_patch

from diffs.align import aligned, sentences_of
from diffs.edits import edits_between
from diffs.model import Article, BlockKind

WORDS = [
    f"{a}{b}{c}"
    for a in "bdfgklmnprst"
    for b in ("a", "e", "i", "o", "u")
    for c in ("ran", "tel", "mis", "dok", "ben")
]


def text_of(words, rng):
    """Make paragraphs of sentences of eight to thirty words."""
    paragraphs, at = [], 0
    while at < len(words):
        sentences = []
        for _ in range(rng.randint(1, 3)):
            size = rng.randint(8, 30)
            piece = words[at : at + size]
            at += size
            if piece:
                sentences.append(" ".join(piece).capitalize() + ".")
        paragraphs.append(" ".join(sentences))
    return [p for p in paragraphs if p]


def edited(paragraphs, share, rng):
    """Replace a share of the words, one by one, sentence ends kept."""
    return [
        " ".join(rng.choice(WORDS) if rng.random() < share and w[-1] != "." else w for w in p.split())
        for p in paragraphs
    ]


def ours(old, new):
    body = (BlockKind.PARAGRAPH,)
    pairs = aligned(sentences_of(old, body), sentences_of(new, body))
    return [
        edits_between(p.old_text, p.new_text) for p in pairs if p.old and p.new and p.old_text != p.new_text
    ]


def plain_dmp(old, new):
    codes = {}
    coded = [
        "".join(codes.setdefault(w, chr(0xF0000 + len(codes))) for w in side.text.split())
        for side in (old, new)
    ]
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    return engine.diff_main(*coded, checklines=False)


def plain_difflib(old, new):
    return difflib.SequenceMatcher(None, old.text.split(), new.text.split(), autojunk=False).get_opcodes()


def typical(function, make, rounds=9):
    """Return the median of several runs in milliseconds of processor time, each on fresh texts, so that no cache helps."""
    times = []
    for seed in range(rounds):
        old, new = make(seed)
        started = time.process_time()
        function(old, new)
        times.append(1000 * (time.process_time() - started))
    return sorted(times)[len(times) // 2]


def fifth_edited(seed):
    rng = random.Random(seed)
    paragraphs = text_of([rng.choice(WORDS) for _ in range(1500)], rng)
    return Article.from_text("Headline", *paragraphs), Article.from_text(
        "Headline", *edited(paragraphs, 0.2, rng)
    )


def rewritten(seed):
    rng = random.Random(seed)
    sides = [text_of([rng.choice(WORDS) for _ in range(5000)], rng) for _ in range(2)]
    return Article.from_text("Headline", *sides[0]), Article.from_text("Headline", *sides[1])


def main():
    for name, make, limit in (
        ("1,500 words, 20 % edited", fifth_edited, 20),
        ("5,000 words, rewritten", rewritten, 1000),
    ):
        mine = typical(ours, make)
        print(f"{name}: align + edits {mine:.1f} ms (limit {limit})")
        for label, function in (("diff-match-patch, words", plain_dmp), ("difflib, words", plain_difflib)):
            theirs = typical(function, make, rounds=1 if make is rewritten else 3)
            print(f"    {label}: {theirs:.1f} ms, {theirs / mine:.1f} times ours")


if __name__ == "__main__":
    main()
