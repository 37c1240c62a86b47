"""Runs the table of rules over the chunks of a sentence."""

from collections.abc import Sequence

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.mentions import Mentions
from diffs.claims.english.rules import TABLE, Reader, Rule, Stage
from diffs.claims.english.wholes import settle_parts

Plan = dict[Stage, dict[str, tuple[Reader, ...]]]
_MARKS = "NCAHMTRSPBDO&ILW(),;:\"'-."


def plan_of(table: Sequence[Rule]) -> Plan:
    """Return the functions of a table by stage and by the mark of the chunk, each once and in the table's order."""
    found: Plan = {}
    for stage in Stage:
        rules = [rule for rule in table if rule.stage is stage]
        found[stage] = {
            mark: tuple(
                dict.fromkeys(rule.function for rule in rules if not rule.marks or mark in rule.marks)
            )
            for mark in _MARKS
        }
    return found


_PLAN = plan_of(TABLE)


def mentions_in(p: Parsed, plan: Plan = _PLAN) -> Mentions:
    """Return every count of a sentence that some rule reads with a cue.

    Args:
        p: The sentence.
        plan: The rules to run.
    """
    mentions = Mentions()
    marks = [chunk.mark for chunk in p.chunks]
    for stage, functions in plan.items():
        for c, readers in enumerate(map(functions.__getitem__, marks)):
            for function in readers:
                if function(p, c, mentions):
                    break
        if stage is Stage.PART:
            settle_parts(p, mentions)
    return mentions
