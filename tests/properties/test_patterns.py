"""No regular expression of ours is slow on any text: every one is found, attacked and timed."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from re._parser import SubPattern, parse

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from regex_attacks import Attack, attacks_on, pieces_of
from regex_census import Used, census
from regex_timing import SIZE, check, times_of

EXPLODED = 2.0
LIMIT = 0.1  # seconds of the processor for 100 KB
# Two grammars of names and offices try some 120 words at each place: seen are 75 to 95 ms, too near the limit for a
# machine that is busy.
LIMITS = {"diffs.changes.quotes:_STATED": 0.2, "diffs.changes.quotes:_BEFORE": 0.2}
# In characters: what is slowest on a short text is tried on a longer one, and the slowest there on 100 KB.
SHORT, LONGER = 1024, 8192
Run = Callable[[str], object]
found = cache(census)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Hand each pattern to the tests that take long; where these are left out, nobody need find all patterns to name them."""
    if "used" in metafunc.fixturenames:
        each = [] if metafunc.config.getoption("markexpr") == "not soak" else found().used
        metafunc.parametrize("used", each, ids=lambda used: used.name)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """How long an attack took on a short text, and how many times as long as on a quarter of it."""

    attack: Attack
    seconds: float
    growth: float


def runs_of(used: Used) -> dict[str, Run]:
    """Return a run for each way in which a pattern is used."""
    runs = {
        way: _scanning(used.pattern) if way == "scan" else getattr(used.pattern, way) for way in used.ways
    }
    if isinstance(used.pattern.pattern, bytes):
        return {way: _encoding(run) for way, run in runs.items()}
    return runs


def _scanning(pattern: re.Pattern) -> Run:
    """Find every match: to search, split or replace is no more work than that."""
    return lambda text: sum(1 for _ in pattern.finditer(text))


def _encoding(run: Callable[[bytes], object]) -> Run:
    return lambda text: run(text.encode("latin-1", "replace"))


def tried(run: Run, attack: Attack, size: int) -> Tried:
    times = list(times_of(run, attack, (size // 4, size), LIMIT).values())
    # A text that short takes that long only where time explodes.
    growth = times[-1] / max(times[-2], 1e-5) if len(times) > 1 else 1.0
    return Tried(attack=attack, seconds=times[-1], growth=growth)


def worst_of(run: Run, attacks: Sequence[Attack], size: int, most: int) -> list[Attack]:
    """Return the attacks that take longest on texts of `size`, and those whose time grows most."""
    results = []
    for attack in attacks:
        results.append(tried(run, attack, size))
        if results[-1].seconds > LIMIT:
            return [attack]
    longest = sorted(results, key=lambda one: one.seconds, reverse=True)[:most]
    steepest = sorted(results, key=lambda one: one.growth, reverse=True)[:most]
    return list(dict.fromkeys(one.attack for one in (*longest, *steepest)))


def check_pattern(used: Used, way: str, run: Run, attack: Attack) -> tuple[float, float]:
    name = f"{used.name}, {used.pattern.pattern!r}, used to {way},"
    return check(name, run, attack, LIMITS.get(used.name, LIMIT))


def test_every_pattern_can_be_put_to_the_test():
    """A pattern of names that only the running function knows has to get a name of its own, in its module."""
    assert found().unreadable == []
    assert len(found().used) > 100


_SINGLE = {"LITERAL", "NOT_LITERAL", "ANY", "IN"}


def _possessive_groups(tree: Iterable) -> Iterator[object]:
    for op, arguments in tree:
        if str(op) == "POSSESSIVE_REPEAT":
            body = arguments[2]
            if len(body) != 1 or str(body[0][0]) not in _SINGLE:
                yield body
        parts = arguments if isinstance(arguments, tuple) else (arguments,)
        for part in chain.from_iterable(part if isinstance(part, list) else [part] for part in parts):
            if isinstance(part, SubPattern):
                yield from _possessive_groups(part)


def test_no_group_is_repeated_possessively():
    """Python before 3.11.5 matches it wrongly (python/cpython#106052), so that 3.11.2 read other words; an atomic group is right."""
    assert list(_possessive_groups(parse(r"a(?:bc|d)*+"))) != []
    assert list(_possessive_groups(parse(r"a[bc]*+(?>(?:bc|d)*)"))) == []
    wrong = [
        used.name
        for used in found().used
        if list(_possessive_groups(parse(used.pattern.pattern, used.pattern.flags & ~re.UNICODE)))
    ]
    assert wrong == []


def test_no_pattern_explodes_on_a_short_text():
    """Seconds of the processor on 1,000 letters, where 0.001 is usual: what a busy machine adds is a thousandth of it."""
    slow = []
    for used in found().used:
        attacks = list(attacks_on(used.pattern))
        for attack in attacks[:: len(attacks) // 12 + 1]:
            slow += [
                f"{used.name}, used to {way}, on {attack!r}"
                for way, run in runs_of(used).items()
                if max(times_of(run, attack, (SHORT,), EXPLODED).values()) > EXPLODED
            ]
    assert slow == []


@pytest.mark.soak
def test_no_pattern_is_slow_on_what_its_own_tree_suggests(used):
    attacks = list(attacks_on(used.pattern))
    attacks = attacks[:: len(attacks) // 250 + 1]
    for way, run in runs_of(used).items():
        slow = worst_of(run, attacks, SHORT, 12)
        for attack in worst_of(run, slow, LONGER, 2):
            check_pattern(used, way, run, attack)


@pytest.mark.soak
def test_no_pattern_is_slow_on_anything_that_its_own_tree_suggests(used):
    for way, run in runs_of(used).items():
        for attack in worst_of(run, list(attacks_on(used.pattern)), LONGER, 15):
            check_pattern(used, way, run, attack)


def made_of(used: Used) -> st.SearchStrategy[Attack]:
    pieces = st.sampled_from(pieces_of(used.pattern))
    few = st.lists(pieces, min_size=1, max_size=5).map("".join)
    return st.builds(
        lambda before, unit, after: Attack(before=before, unit=unit, after=after),
        st.one_of(st.just(""), few),
        few,
        st.sampled_from(["", "\x00", "\n", '"', " "]),
    )


def attack_at_random(used: Used, examples: int, *, repeatable: bool) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=repeatable,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(made_of(used))
    def attacked(attack: Attack) -> None:
        for way, run in runs_of(used).items():
            result = tried(run, attack, 2 * SHORT)
            if result.growth > 8 or result.seconds * SIZE / (2 * SHORT) > LIMIT / 2:
                check_pattern(used, way, run, attack)

    attacked()


@pytest.mark.soak
def test_no_pattern_is_slow_on_chance_texts_of_its_own_words(used):
    attack_at_random(used, 10, repeatable=True)


@pytest.mark.soak
def test_no_pattern_is_slow_on_many_chance_texts_of_its_own_words(used):
    attack_at_random(used, 1500, repeatable=False)
