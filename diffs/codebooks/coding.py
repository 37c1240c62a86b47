"""The minimum and maximum that a recorder's published rules give a claim."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from diffs.model import Claim, ClaimKind, Qualifier
from diffs.text import folded

CODEBOOKS = ("acled", "airwars", "ibc", "ucdp")
_SIDES = ("low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a recorder makes of one way to state an amount.

    Attributes:
        low: The coded minimum: a number, `value`, `low` or `high` of the claim, or None.
        high: The coded maximum, likewise.
        published: Whether the recorder publishes it; else the bounds are kept as printed.
        verified: Whether the rule was read in the named source, and not only known from use.
        note: What the recorder says, in short.
    """

    low: int | str | None = None
    high: int | str | None = None
    published: bool = True
    verified: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """The rules of one recorder.

    Attributes:
        name: As `--codebook` takes it.
        title: The recorder.
        source: Where its rules stand.
        dated: The date of that source, as far as it is known.
        kinds: What it records.
        qualifiers: Its rules by qualifier.
        amounts: Its rules by the words of a vague amount, folded.
    """

    name: str
    title: str
    source: str
    dated: str
    kinds: frozenset[ClaimKind]
    qualifiers: Mapping[Qualifier, Rule]
    amounts: Mapping[str, Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A claim as a codebook counts it.

    Attributes:
        codebook: Name of the codebook.
        minimum: The coded minimum, or None where the codebook gives none.
        maximum: The coded maximum, or None.
        published: Whether a published rule gives them; else the printed bounds are kept.
        note: The rule in short.
        verified: Whether that rule was read in the codebook's named source.
    """

    codebook: str
    minimum: int | None
    maximum: int | None
    published: bool
    note: str
    verified: bool = True


@cache
def codebook_of(name: str) -> Codebook:
    """Return a codebook by its name.

    Raises:
        ValueError: There is none of that name; the message lists those there are.
    """
    if name not in CODEBOOKS:
        raise ValueError(f"no codebook {name!r}; there are {', '.join(CODEBOOKS)}")
    data = tomllib.loads(files("diffs.codebooks").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    return Codebook(
        name=name,
        title=data["title"],
        source=data["source"],
        dated=data["dated"],
        kinds=frozenset(map(ClaimKind, data["kinds"])),
        qualifiers={Qualifier(key): Rule(**rule) for key, rule in data["qualifiers"].items()},
        amounts={
            word.replace("_", " "): Rule(**{key: value for key, value in row.items() if key != "words"})
            for row in data["amounts"]
            for word in row["words"].split()
        },
    )


def coded(claim: Claim, codebook: Codebook) -> Coded:
    """Return a claim as a codebook counts it.

    A kind that it does not record has no bounds. A way of stating an amount for which it publishes no rule keeps the
    bounds as printed; a vague amount has none then.
    """
    if claim.kind not in codebook.kinds:
        kinds = ", ".join(sorted(codebook.kinds))
        return Coded(
            codebook=codebook.name, minimum=None, maximum=None, published=True, note=f"records {kinds} only"
        )
    rule = codebook.qualifiers.get(claim.qualifier)
    if claim.qualifier is Qualifier.VAGUE:
        rule = codebook.amounts.get(folded(claim.number_text or ""), rule)
    if rule is None or not rule.published:
        note = rule.note if rule is not None and rule.note else "no published rule: bounds as printed"
        return Coded(
            codebook=codebook.name,
            minimum=_printed(claim)[0],
            maximum=_printed(claim)[1],
            published=False,
            note=note,
        )
    low, high = (_bound(claim, getattr(rule, side)) for side in _SIDES)
    return Coded(
        codebook=codebook.name,
        minimum=low,
        maximum=high,
        published=True,
        note=rule.note,
        verified=rule.verified,
    )


def _bound(claim: Claim, name: int | str | None) -> int | None:
    if isinstance(name, str):
        bound: int | None = getattr(claim, name)
        return bound
    return name


def _printed(claim: Claim) -> tuple[int | None, int | None]:
    """Return the bounds as printed: an estimate is its own minimum and maximum, a vague amount has none."""
    if claim.qualifier is Qualifier.VAGUE:
        return None, None
    if claim.qualifier is Qualifier.ABOUT:
        return claim.value, claim.value
    return claim.low, claim.high
