"""Why a claim was read: its rule and the words that gave each of its fields."""

from dataclasses import dataclass

from diffs.claims.article import claims_in_text
from diffs.claims.grammars import rules_of
from diffs.language import pack_for
from diffs.model import Claim, Polarity


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One claim and why it was read.

    Attributes:
        claim: The claim.
        rule: What its rule reads, with an example.
        why: One line for each field that the text decided.
    """

    claim: Claim
    rule: str
    why: tuple[str, ...]


def explanation_of(claim: Claim) -> Explanation:
    """Return the explanation of a claim from its own fields."""
    number = f'number "{claim.number_text}"' if claim.explicit else "no number printed"
    why = [
        f'{claim.kind} by the cue "{claim.cue}"',
        f"{number} at {claim.start} to {claim.end}, {claim.qualifier}",
    ]
    for name, words in (("victims", claim.who), ("source", claim.attribution), ("hedge", claim.hedge)):
        if words:
            why.append(f'{name} "{words}"')
    if claim.polarity is not Polarity.ASSERTED:
        why.append(f"{claim.polarity} by the text")
    whole = f" of {claim.subset_of}" if claim.subset_of is not None else ""
    why.append(f"scope {claim.scope}{whole}, role {claim.role}, counted in {claim.unit}")
    for name, words in (
        ("event", str(claim.event_key or "")),
        ("as of", claim.as_of),
        ("period", claim.period),
        ("status", claim.status),
        ("perpetrator", claim.perpetrator),
        ("learned through", " citing ".join(claim.source_chain[1:])),
    ):
        if words:
            why.append(f'{name} "{words}"')
    why.append(f"right {claim.confidence:.0%} of the time on the development data")
    # A claim keeps no language: its sentence tells, and one too short to tell is looked up among the rules of English.
    rules = rules_of(pack_for(claim.sentence) or "en")
    rule = rules.get(claim.rule) or rules_of("en").get(claim.rule, claim.rule)
    return Explanation(claim=claim, rule=rule, why=tuple(why))


def explained_claims(text: str) -> tuple[Explanation, ...]:
    """Return the claims of a text with why each was read."""
    return tuple(explanation_of(claim) for claim in claims_in_text(text))
