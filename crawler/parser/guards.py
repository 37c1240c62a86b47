"""What a sentence must not hold before it is taken away for where it stands: figures, fates and sources, in many languages."""

import re

from crawler.parser.wording import is_guarded, states_toll
from diffs.language.counts import names_count

# The dead, the hurt and the missing in languages that `states_toll` does not know (written by hand, 2026-11-29).
_FATES = re.compile(
    r"zgin|zabi[tcł]|nie żyj|\brann|zagin|poszkod|öldü|ölü|ölen|yaral|hayatını kayb|yaşamını yit|kayıp|загин|поранен|травмован|зник|помер|погиб|пострада|пропал|скончал|"
    r"tewas|meninggal|terluka|luka-luka|hilang|korban|omkom|dræb|\bdød|\bdöd|såret|kvæst|skad[ae]|savnet|saknas|zemřel|mrtv|zraně|pohřeš|meghalt|halott|sérült|eltűnt|a murit|răni|dispăr|kuoll|kuoli|loukkaan|"
    r"morreu|morte|mort[oa]s|desaparec|vermist|omgekomen|overleden|νεκρ|τραυμα|"
    r"قتل|قتيل|جرح|جريح|أصيب|إصاب|مصرع|ضحاي|مفقود|وفاة|جثث|جثة|הרוג|נהרג|פצוע|נפצע|נעדר|מת\b|मौत|मृत|घायल|लापता|(?<!ह)मारे|کشته|زخمی|جان|مفقود|مصدوم",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:mówi|poinformował|podał|dodał|söyled|açıkla|belirt|dedi|diyen|сообщ|заяв|сказал|рассказ|повідом|заяв|сказав|сказала|розпов|kata|ujar|säger|uppger|sade|siger|oplyser|sagde|uvedl|řekl|mondta|közöl|spus|declarat|sanoo|kertoo)"
    r"|قال|أعلن|أفاد|ذكر|אמר|מסר|סיפר|לדברי|कहा|बताया|گفت|اعلام کرد",
    re.IGNORECASE,
)
# What people say and do in languages without spaces, where no word has an edge: who said, denied, was held, what was forged (written by hand, 2026-11-29).
_ACTS = re.compile(
    r"称|稱|表示|否认|否認|指控|逮捕|被捕|拘留|拒绝|拒絕|认定|認定|批准|撤回|起诉|起訴|伪造|偽造|辞职|辭職|辞任|道歉|承认|承認|証言|证实|證實|谴责|譴責|と述べ|と語|発表|釈放|容疑|"
    r"체포|구속|밝혔|말했|부인했|기소|사임|사과|조작|인정했"
)


def says_act(text: str) -> bool:
    """Return whether a line without spaces says what somebody did or said: no credit does, whatever label it opens with."""
    return not text.isascii() and _ACTS.search(text) is not None


def states_nothing(text: str) -> bool:
    """Return whether a sentence holds no digit, quotation, source, number word or fate, so that where it stands may decide what it is."""
    return not (
        is_guarded(text)
        or states_toll(text)
        or _FATES.search(text) is not None
        or _SPOKEN.search(text) is not None
        or names_count(text)
        or says_act(text)
    )
