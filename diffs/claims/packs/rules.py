"""The rules of the packs as a table: what each reads, a sentence that it reads, and the function that runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from diffs.claims.packs.amounts import read_compared, read_confirmed, read_risen, read_totals
from diffs.claims.packs.chunks import Chunk
from diffs.claims.packs.losses import read_unsurvived
from diffs.claims.packs.mentions import (
    Found,
    PackMention,
    is_undone,
    read_counts,
)
from diffs.claims.packs.parts import read_denied, read_named_parts, read_parts
from diffs.claims.packs.shared import read_shared
from diffs.claims.packs.words import Pack
from diffs.model import ClaimKind

Reader = Callable[[list[Chunk], Found, Pack], None]


class Stage(StrEnum):
    """When a rule runs: the repeated ones run again after all others, the last after those who were saved are dropped."""

    ONCE = "once"
    REPEATED = "repeated"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the packs' reader.

    Attributes:
        name: As in `Claim.rule`.
        function: What runs over the chunks of a sentence and adds what it reads by chunk; rules that only the form of the
            cue tells apart share one.
        reads: What it reads.
        example: A Spanish sentence that has a claim by it.
        stage: When it runs.
    """

    name: str
    function: Reader
    reads: str
    example: str
    stage: Stage = Stage.ONCE


# In the order in which they run.
TABLE = (
    Rule("state", read_counts, "a state of people before its count", "El ataque dejó muertos a 62 soldados."),
    Rule("counted", read_counts, "a count of a noun of victims", "El ministerio informó de 28 muertos."),
    Rule("attributive", read_counts, "a count of people with a state behind them", "El ataque dejó 62 soldados muertos."),
    Rule("passive", read_counts, "a count before a verb with its state", "62 soldados fueron asesinados."),
    Rule("intransitive", read_counts, "the subject of a verb without an object", "Murieron 62 soldados."),
    Rule("active", read_counts, "a verb and its object", "Los rebeldes mataron a 62 soldados."),
    Rule("act", read_counts, "a noun of an act with its victims", "La policía investiga la muerte violenta de dos misioneros."),
    Rule("toll", read_counts, "a number of victims and its amount", "La cifra de muertos sube a 12."),
    Rule("part_of", read_parts, "a part of counted people", "Dos de los tres heridos son menores.", Stage.REPEATED),
    Rule("among", read_named_parts, "a part named with among", "Entre los muertos figuran cuatro bomberos.", Stage.REPEATED),
    Rule("including", read_named_parts, "a part named behind its whole", "Murieron 12 personas, entre ellas tres niños.", Stage.REPEATED),
    Rule("shared_subject", read_shared, "a count joined to one that has the cue", "Tres soldados y cinco civiles murieron."),
    Rule("prior_toll", read_risen, "what a toll rose from", "La cifra de muertos subió de 98 a 115."),
    Rule("compared", read_compared, "what a count is compared with", "Los muertos suben a 88, frente a 75 el lunes."),
    Rule("total", read_totals, "a running total of the kind named before it", "Hallan cuatro cuerpos, lo que eleva el total a 68."),
    Rule("confirmed", read_confirmed, "a number behind the noun of its victims that is confirmed", "Temen más muertos, 12 fueron confirmados."),
    Rule("unsurvived", read_unsurvived, "a count of whom none survived", "Doce pasajeros no sobrevivieron.", Stage.LAST),
    Rule("none", read_denied, "none by a negated verb", "El ataque no causó víctimas mortales.", Stage.LAST),
)  # fmt: skip


Plan = dict[Stage, tuple[Reader, ...]]


def plan_of(table: Sequence[Rule]) -> Plan:
    """Return the functions of a table by stage, each once and in the table's order."""
    first = [rule for rule in table if rule.stage is not Stage.LAST]
    return {
        Stage.ONCE: tuple(dict.fromkeys(rule.function for rule in first)),
        Stage.REPEATED: tuple(dict.fromkeys(rule.function for rule in table if rule.stage is Stage.REPEATED)),
        Stage.LAST: tuple(dict.fromkeys(rule.function for rule in table if rule.stage is Stage.LAST)),
    }


_PLAN = plan_of(TABLE)


def _is_told_trapped(read: PackMention) -> bool:
    """Return whether the noun phrase itself says that people were trapped, saved or not ("tres personas atrapadas")."""
    return read.rule == "attributive" and read.meant.kind is ClaimKind.TRAPPED


def mentions_of(row: list[Chunk], pack: Pack, plan: Plan = _PLAN) -> list[PackMention]:
    """Return the counts of a sentence that some rule reads with a cue, in order.

    Args:
        row: The chunks of the sentence.
        pack: The words of its language.
        plan: The rules to run.
    """
    found: Found = {}
    for function in (*plan[Stage.ONCE], *plan[Stage.REPEATED]):
        function(row, found, pack)
    found = {k: read for k, read in found.items() if _is_told_trapped(read) or not is_undone(row, k, pack)}
    for function in plan[Stage.LAST]:
        function(row, found, pack)
    return [found[k] for k in sorted(found)]
