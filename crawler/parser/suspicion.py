"""Says when a page is no article that anything may be claimed from."""

import re

from diffs.model import Block, BlockKind

_SHORT = 700
_BLOCKED = re.compile(
    r"\b(?:access (?:to this page has been )?denied|403 forbidden|you have been blocked|attention required|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"(?:checking|check) your browser|just a moment\W*$|are you a robot|unusual traffic|captcha|request (?:was )?(?:blocked|unsuccessful)|pardon our interruption|"
    r"enable javascript and cookies|ddos protection|bot (?:detection|protection)|security check)\b",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"\b(?:404|page (?:not found|cannot be found|can['’]t be found|no longer (?:exists|available))|not found|(?:article|story|page) (?:is |has been |was )?(?:no longer available|removed|unavailable|not available)|"
    r"(?:couldn['’]t|could not|can['’]t|cannot) (?:find|be found)|does(?:n['’]t| not) exist|seite (?:wurde )?nicht gefunden|page introuvable|página no encontrada|something went wrong|"
    r"an error occurred|(?:500|502|503) (?:internal|bad|service)|service unavailable|temporarily unavailable)\b",
    re.IGNORECASE,
)
_BODY = re.compile("<body", re.IGNORECASE)
_WALL = re.compile(
    r"\b(?:(?:subscribe|sign in|log in|register|create (?:a free |an )?account) to (?:continue|keep|read|view|access)|subscribers only|for subscribers|already a subscriber|"
    r"to continue reading|you have reached your (?:article )?limit|this content is (?:only )?available to|before you continue|we value your privacy|"
    r"consent to (?:the use of )?cookies|accept (?:all )?cookies|cookies? (?:consent|policy)|privacy (?:settings|choices)|einwilligung|werbung und tracking)\b",
    re.IGNORECASE,
)


def suspicion_of(
    headline: str | None, blocks: tuple[Block, ...], title: str | None, tags: int, rest: str = ""
) -> str | None:
    """Judge whether a page shows an article.

    Args:
        headline: The displayed headline, or None.
        blocks: What was taken for the body.
        title: The window's title, or None.
        rest: The page's other words, asked only where there is no body.
        tags: How many tags the page has; many without text are an empty shell.

    Returns:
        Why nothing may be claimed from the page, or None. A long text is never doubted for its words.
    """
    texts = [block.text for block in blocks if block.kind is not BlockKind.CAPTION]
    body = " ".join(texts) or rest[:2000]
    if len(body) < _SHORT:
        names = " ".join(text for text in (headline, title) if text)
        for reason, pattern in (("block page", _BLOCKED), ("soft 404", _MISSING)):
            if pattern.search(names) or (len(body) < 400 and pattern.search(body)):
                return reason
        if _WALL.search(names) or (len(texts) <= 3 and _WALL.search(body)):
            return "consent or login wall"
    if not texts:
        return "empty shell" if tags > 50 else "no article text"
    return None


def is_cut(text: str) -> bool:
    """Return whether a page's markup breaks off: it opens a body and its last bytes close nothing."""
    tail = text[-2000:].rstrip().lower()
    if "</html" in tail or "</body" in tail or _BODY.search(text, 0, 200_000) is None:
        return False
    return re.search(r"<[^<>]*$", tail) is not None or not tail.endswith((">", "-->"))
