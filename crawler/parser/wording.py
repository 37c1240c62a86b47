"""What a single line of page furniture looks like, wherever it stands."""

import re

from crawler.parser.remembered import remembered

_STAMP = r"(?:\d{1,2}:)?\d{1,2}:\d{2}"
_DURATION = re.compile(
    rf"(?:^|[\s(\[|–—-]){_STAMP}[)\]]?$|^{_STAMP} ?[-–—|•·/] .{{0,40}}$|\bduration:? {_STAMP}|^.{{3,50}}\(\d{{1,3}}\s?(?:min|мин|хв|dk|dak|menit|دق|דק|मिनट|分|분)[^()]{{0,8}}\)$",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:19|20)\d\d\b|\d\.\d|\d/\d|\b\d{1,2}:\d{2} ?(?:[ap]\.?m|uhr|gmt|et\b)", re.IGNORECASE
)
_AGO = re.compile(
    r"^(?:(?:last )?(?:updated|published|posted|modified)\W{0,3})?(?:about |an? |\d{1,6} ?)(?:\d{1,6} )?"
    r"(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?) ago\b.{0,20}$|^just now$",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"^(?:view |read |show |see |all |join )*(?:\(?[\d.,]{1,20} ?[km]?\)?\s{0,9})?(?:shares?|comments?|views?|likes?|reactions?|replies|retweets?|"
    r"tweets?|reads?|votes?|followers?|photos?|images?|min(?:ute)?s? read)(?:\s{0,9}\(?[\d.,]{1,20} ?[km]?\)?)?(?:\W{1,20}(?:so far|each|tweet|share))*$",
    re.IGNORECASE,
)
_SLIDES = re.compile(
    r"(?:slide ?show|bildergalerie|fotostrecke|diaporama|(?:photo )?gallery|galería|fotogalerie)\W{0,3}\d{1,3} ?(?:images?|photos?|pictures?|bilder|fotos|slides?)?\W{0,2}",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:^|\s)[\d.,]+ ?[km]? (?:shares?|comments?|views|likes|retweets|reactions)\b", re.IGNORECASE
)
_LABEL = re.compile(
    r"^(?:advertisements?(?:\W{1,5}(?:story|article|content|text|scroll|keep reading|continue).{0,40})?|(?:story|article|text|content) continue[sd] (?:below|after).{0,30}|wait \d{1,3} seconds? to continue|scroll to continue(?: reading)?|this advertisement has not loaded yet.{0,60}|we apologi[sz]e,? but this (?:video|content) (?:has|could).{0,40}|(?:recommended|related|featured) (?:videos?|stories|articles)|(?:article|content|text) continues (?:below|after).{0,30}|ad feedback|video ad feedback|feedback|sponsored(?: content)?|"
    r"promoted|loading\W*|share(?: this)?(?: (?:article|story|page))?(?: on \w+)?|print|email|e-mail|copy link|save|listen|play|pause|skip ad|"
    r"continue reading.{0,40}|read more|read full (?:story|article)|related(?: \w+)?|more (?:on|from) .{1,40}|most (?:read|popular|viewed)|trending(?: now)?|recommended.{0,30}|"
    r"you (?:may|might) (?:also )?(?:like|be interested in).{0,20}|top stories|latest(?: news)?|editors?['’]s? picks?|don['’]t miss|sign up|log ?in|subscribe(?: now)?|"
    r"anzeige|werbung|publicité|publicidad|pubblicità|reklam|advertentie|next story|previous story|back to top|close|menu|search|home|"
    r"tags?:?|topics?:?|filed under:?.{0,60}|facebook|twitter|whatsapp|reddit|linkedin|pinterest|tumblr|messenger|telegram|flipboard)[.:!»>…]*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:related(?: (?:stor(?:y|ies)|articles?|coverage|content|links?|video|news))?|read (?:more|also|next|the full .{0,20}|our .{0,20}|here)|also read|see also|see more|more (?:on this|from .{1,30}|here|news|coverage|stories)|more|watch(?: live| now| more)?|"
    r"listen|video|photos?|gallery|in pictures|explainer|analysis|opinion|recommended|don['’]t miss|you may also like|lesen sie (?:auch|mehr)|mehr zum thema|lire aussi|[àa] lire aussi|"
    r"leggi anche|lee también|le puede interesar|lea también|te puede interesar|czytaj (?:też|także|więcej)|zobacz (?:też|także|również)|les også|læs også|läs (?:också|mer|även)|lees (?:ook|meer)|читайте (?:также|по теме)|смотрите также|читайте також|дивіться також|baca juga|leia (?:também|mais)|saiba mais|veja também|ilgili haber(?:ler)?|ayrıca (?:oku(?:yun)?|bakınız)|bunu da oku(?:yun)?|haberin devamı|i̇lgili haber(?:ler)?|اقرأ أيضا|اقرأ أيضاً|إقرأ أيضا|קראו (?:גם|עוד)|כתבות נוספות|यह भी पढ़ें|ये भी पढ़ें|بیشتر بخوانید|مطالب مرتبط|lue myös|čtěte také|citește și|olvassa el)\s{0,9}(?:[:|>»–—-]|\Z)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"^(?:copyright\b.{0,10}|\(c\) |© ?).{0,160}$|^.{0,60}\ball rights reserved\b.{0,120}$|^this material may not be published, broadcast, rewritten.{0,60}$|"
    r"^.{0,60}(?:무단\s?(?:전재|복제)|無断(?:転載|複製)|转载(?:请|須|须)(?:注明|经)|未经.{0,10}(?:授权|许可|允许|同意).{0,10}(?:转载|複製|复制|摘编|翻印|镜像|刊载|使用)|版权(?:所有(?![者人方])|归)).{0,120}$|^(?:جميع|كافة) الحقوق محفوظة.{0,60}$|^כל הזכויות שמורות.{0,60}$|"
    r"^все права защищены.{0,80}$|^todos (?:los derechos reservados|os direitos reservados).{0,80}$|^tous droits réservés.{0,80}$|^alle rechte vorbehalten.{0,80}$|^tutti i diritti riservati.{0,80}$|^tüm hakları saklıdır.{0,80}$",
    re.IGNORECASE,
)
_RIGHTS_ASCII = ("reservados", "vorbehalten", "riservati")
_RIGHTS_ABROAD = (*_RIGHTS_ASCII, "무단", "無断", "转载", "未经", "版权", "الحقوق محفوظة", "הזכויות", "права защищены", "droits réservés", "hakları saklıdır")  # fmt: skip
_APPEAL = re.compile(
    r"^(?:please )?(?:sign up|subscribe|click here|tap here|follow (?:us|@|\w+ on)|get (?:the|our|breaking|more|your|all)\b|download (?:the|our)|join (?:our|us|the)|like us|support (?:our|us)|donate|become a|register|"
    r"(?:don['’]t|never) miss|stay (?:up|informed|on top)|enter your email|by (?:signing|submitting|clicking|subscribing|entering)|you can (?:also )?(?:follow|unsubscribe|find us)|thank you for|"
    r"help us|want (?:more|to)|have (?:a|you got a) (?:tip|story)|do you have (?:a|any)|contact us|email us|send (?:us|your)|if you (?:have|like|enjoy)|we want to hear)\b",
    re.IGNORECASE,
)
_APPEAL_OBJECT = re.compile(
    r"\b(?:newsletters?|inbox|e-?mail|alerts?|app|subscri\w+|sign(?:ing)? up|facebook|twitter|instagram|telegram|whatsapp|youtube|linkedin|podcast|membership|donat\w+|privacy policy|"
    r"updates|unsubscribe|notifications?|follow)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:sign up|subscribe|follow|join|download|support|bookmark|register|donate|listen|receive|get)\b.{0,40}\b(?=[ou])(?:our|us)\b|\b(?=[ou])(?:our|us)\b.{0,40}\b(?=[sn])(?:sign up|subscribe|newsletters?)\b",
    re.IGNORECASE,
)
# A sentence that begins by asking for money for the paper itself (appeals of reader-funded sites, 2016 to 2024).
_FUNDED = re.compile(
    r"(?:^|[.!?] )(?:please )?(?:"
    r"(?:support(?! (?:for|from|among|of|to|in|by)\b)|fund|donate|help (?:us|fund|keep)|give|chip in)\b[^.!?]{0,60}\b(?:our (?:[\w-]+ ){0,2}(?:journalism|reporting|newsroom|newspaper|reporters)|this (?:newsroom|newspaper)|(?:independent|local|non-?profit|quality|investigative|free) (?:journalism|reporting))\b|"
    r"(?:support(?! (?:for|from|among|of|to|in|by)\b)|donate|consider|help us|become|give|make|chip in)\b[^.!?]{0,60}\b(?:an?|your)(?: [\w-]+){0,2} (?:gift|donation|contribution|member|supporter)\b)",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:our|us|we|newsroom|journalism|today|each month|tax-deductible)\b", re.IGNORECASE)
_PLEADED = re.compile(
    r",[^,.!?]{0,60}\b(?:ask(?:ed|s)|chant(?:ed|s)|plead(?:ed|s)|urge[ds]|begg?(?:ed|s)|demand(?:ed|s)|shout(?:ed|s)|cr(?:ied|ies)|wr(?:ote|ites)|add(?:ed|s)|call(?:ed|s))\b",
    re.IGNORECASE,
)
_EDITION = re.compile(
    r"\byou(?:['’]re| are) (?:currently |now )?(?:viewing|reading|visiting|browsing|on|in) (?:the |our )?.{2,30} (?:edition|version|site)\b|\b(?:switch|change|go) to (?:the |our )?.{2,25} edition\b|"
    r"^you(?:['’]re| are) reading a free (?:article|preview|story)\b|^(?:choose|select|change) (?:your |an? )?(?:edition|current location|location|region|country)\b",
    re.IGNORECASE,
)
_TAGS = re.compile(
    r"^(?:tags?|topics?|related \w+|filed (?:under|in)|keywords?|categor(?:y|ies)|schlagworte?|themen|mots-clés|etiquetas|temas|argomenti|emner)\s?:\s.{1,160}[^.!?]$",
    re.IGNORECASE,
)
_SENT = re.compile(
    r"\b(?:sign up|subscribe|inbox|newsletters?|delivered|free trial|straight to your|unsubscribe|e-?mail)\b",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^[\[(（]?(?:图片来源|图源|供图|图片)\s?[:：/].{1,40}$|^[▲△↑]\s?图.{1,30}$|^(?:beitrags|titel|aufmacher|symbol|header-?)bild(?::| ?[©(/]) ?.{0,90}$|^(?:header|featured|cover|lead|top) (?:image|photo|picture)(?::| ?[©(/]| (?:by|via|courtesy of) ) ?.{0,90}$|^(?:photo(?:graph)?s?|image|illustration) by (?-i:[A-ZÀ-Þ][\w.'’-]*)(?:,? (?:(?-i:[A-ZÀ-Þ][\w.'’-]*)|and|for|of|the|de|van|von|on|via|/|\|)){0,8}$|^[\[(]?(?:photo(?:graph)?s?|images?|pictures?|fotos?|bild(?:er|quelle)?|imagen|cr[ée]dits?|source|quelle|screenshot)(?: (?:by|credits?|photos?|courtesy(?: of)?))?\s*[:©/].{0,90}$|^.{0,110}(?:/| via )(?:getty(?: images)?|reuters|afp|ap|dpa|epa)[)\]]?$",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"^\W{0,3}(?:(?:corrections?(?: and clarifications?)?|clarifications?|amend(?:ed|ment)|update to this (?:story|article))\b"
    r"(?:\s*[:.–—-]|\s+(?:on |appended|\(|\d|(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b))"
    r"|(?:an|a) (?:earlier|previous|prior) version of (?:this|the)|(?:this|the) (?:article|story|report|headline|post|piece|version)(?: of .{1,40})? (?:has been|was|is being|have been) "
    r"(?:updated|amended|corrected|changed|revised|edited(?! by\b(?!.{0,80}(?:\bto (?:correct|fix|clarify|remove)\b|\bon (?:january|february|march|april|may|june|july|august|september|october|november|december|\d))))|clarified)|(?:due to|because of) an? (?:editing|production|transcription) error)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^\W{0,3}(?:editor|publisher)['’]?s['’]? notes?\b", re.IGNORECASE)
_OWNS_UP = re.compile(
    r"\b(?:correct(?:s|ed|ion)?|clarif\w+|amend\w+|error|mistake\w*|incorrect\w*|inaccura\w+|misstated|misspell\w*|misidentif\w+|wrong(?:ly)?|retract\w*|"
    r"(?:earlier|previous|prior|original|updated) version|(?:has been|was|have been|were|been) (?:updated|changed|revised|edited|removed|replaced|deleted)|updated (?:to|with|at|on))\b",
    re.IGNORECASE,
)
# Agencies' forms, as printed in 2004 to 2026: "(Corrects 3rd paragraph ...)", "This version corrects ...", "4:10 p.m.: This story was updated".
_AGENCY_NOTE = re.compile(
    r"^(?:[(\[]\s?(?:(?:this|the) (?:story|version|article|item|dispatch)\b.{0,40})?(?:corrects?|corrected|refiles? to (?:correct|fix|remove|clarify)|clarif(?:ies|ied)|recasts? to correct|removes? (?:incorrect|erroneous))\b|"
    r"(?:this|the) (?:version|story|article|item|report|dispatch) (?:of .{1,40} )?(?:corrects|clarifies|amends|has corrected)\b|"
    r"\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\.?)?(?: [A-Z]{2,4})?\W{1,4}(?:this|the) (?:article|story|post|report|page|headline) (?:was|has been) (?:updated|corrected|amended|changed))",
    re.IGNORECASE,
)
# The same in other languages, as their papers print them under a text that was changed (read 2026-11-29).
_ABROAD = re.compile(
    r"^\W{0,3}(?:dieser (?:artikel|beitrag|text) (?:wurde|ist) .{0,50}\b(?:aktualisiert|korrigiert|ergänzt|berichtigt|geändert)|"
    r"cet article a été .{0,30}(?:mis à jour|corrigé|modifié|actualisé)|est[ae] (?:artículo|nota|noticia|información|texto|reportagem|matéria|notícia) (?:ha sido|fue|foi|se ha) .{0,20}(?:actualizad|corregid|modificad|atualizad|corrigid|alterad)[oa]|"
    r"(?:questo|l['’]) ?articolo è stato .{0,20}(?:aggiornato|corretto|modificato)|dit (?:artikel|bericht|verhaal) (?:is|werd) .{0,40}(?:bijgewerkt|gecorrigeerd|aangepast|aangevuld)\b|"
    r"(?:ten )?(?:artykuł|tekst) został .{0,20}(?:zaktualizowany|poprawiony|uzupełniony)|(?:artikeln|texten|artiklen|artikkelen|saken|teksten) (?:har|er|ble|blev) .{0,25}(?:uppdaterats|rättats|ändrats|opdateret|rettet|oppdatert|korrigert)|"
    r"(?:bu )?haber .{0,20}(?:güncellendi|düzeltildi)|(?:материал|текст|новость|статья|заметка) (?:был[аи]? )?(?:обновл[её]н|исправлен|дополнен)|(?:матеріал|текст|новину|статтю) (?:було )?(?:оновлен|виправлен|доповнен))",
    re.IGNORECASE,
)
_ABROAD_OPENS = frozenset(
    ["di", "ce", "es", "qu", "l'", "l’", "te", "ar", "bu", "ма", "те", "но", "ст", "за"]
)
# With these open all forms above that open with a letter: correction, clarification, amended, an, update, due to, the, because of, editor, publisher.
_NOTED = frozenset(["co", "cl", "am", "an", "a ", "up", "du", "th", "be", "ed", "pu"])
_CORRECTION_INSIDE = re.compile(
    r"\b(?:an|a) (?:earlier|previous) version of (?:this|the) (?:article|story|report|headline|post|piece|version)\b|"
    r"\b(?:this|the) (?:article|story|post|report) (?:has been|was) (?:corrected|amended)\b",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"^\(?\d+\)? (?:comments?|kommentare?|commentaires?|comentarios?|commenti|replies|responses)\b.{0,20}$|^(?:(?:reader|top|all|view|show|read|latest|most recent|top rated|user) )*(?:comments|responses|replies|kommentare|commentaires|comentarios|commenti)"
    r"\W{0,3}\d*\W{0,3}$|^(?:leave|post|add|write) a (?:reply|comment|response)\b.{0,40}$|^join the (?:conversation|discussion).{0,20}$|^conversation$",
    re.IGNORECASE,
)
# What sites print over texts of past years, as read 2026-11-28.
_AGED = re.compile(
    r"^(?:this (?:article|story|page|content|post) (?:is|was) (?:(?:more than|over|at least|from|published|last updated) .{0,30}\d|\d+ (?:years?|months?|days?) old)|"
    r"(?:(?:prenez note|notez|veuillez noter|attention)[ :,]+(?:que )?)?cet article (?:publié|a été publié|date)\b.{0,20}\d.{0,90}|dieser (?:artikel|beitrag) (?:ist|wurde) (?:älter|vor mehr|vor über)\b|este artículo (?:tiene más de|fue publicado hace)\b).{0,90}$",
    re.IGNORECASE,
)
_NAMES_OTHERS = re.compile(
    r"^(?:为你推荐|为您推荐|猜你喜欢|热门推荐|相关推荐|推荐阅读|延伸阅读|相关阅读|精彩推荐)\W{0,3}$|^(?:popular|trending|related|recommended|most (?:read|popular|viewed|watched)|featured|sponsored|up next|read next|watch next)(?: \w+){0,2}\W{0,3}$|"
    r"^you (?:may|might)(?: also)? (?:like|enjoy|be interested)\b.{0,20}$|^more (?:from|videos?|stories)\b.{0,30}$",
    re.IGNORECASE,
)
_SHUT = re.compile(
    r"^comment(?:ing|s)?(?: feature| section)? (?:is|are|has been|have been) (?:\w+ )?(?:disabled|closed|turned off)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^https?://\S+$", re.IGNORECASE)
_CHANNEL = re.compile(
    r"\b(?:newsletters?|whats-?app[\w-]*|telegram[\w-]*|infolettre|boletín|push-?(?:alerts?|notifications?|nachrichten))\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:sign up|subscribe|follow|join|get|read|receive|try|abonnier\w*|folge?|folgst|abonne[rz]|inscrivez|recevez|suscr[íi]b\w*|síguenos|sigue|recibe|iscriviti|segui|ricevi|inscreva|siga|receba|"
    r"volg|meld je aan|abonner|følg|prenumerera|följ|our|free|weekly|daily|kostenlos\w*|gratuit\w*|gratis)\b",
    re.IGNORECASE,
)
_CHECKABLE = re.compile(r"[\d“”„«»\"]")
_SPOKEN = re.compile(
    r"\b(?:said|says|told|according to|sagte|sagt|erklärte|laut|selon|déclaré|affirmé|según|dijo|afirmó|secondo|detto|segundo|disse|volgens|zei|enligt|ifølge|według|powiedział\w*|сказал\w*|заявил\w*|сообщил\w*)\b",
)
# Every form holds one of these, so that most lines are judged without the pattern; lines of ASCII need not be asked for the rest.
_SPOKEN_ASCII = ("said", "says", "told", "according", "sagt", "laut", "selon", "dijo", "secondo", "detto", "segundo", "disse", "volgens", "zei", "enligt")  # fmt: skip
_SPOKEN_SIGNS = (*_SPOKEN_ASCII, "erklärte", "déclaré", "affirmé", "según", "afirmó", "ifølge", "według", "powiedział", "сказал", "заявил", "сообщил")  # fmt: skip
# Before a capital "die" is the German article.
_TOLL = re.compile(
    r"\b(?:kill|dead\b|die[ds]\b|die\b(?!\s(?-i:[A-ZÄÖÜ]))|dying|death|fatal|injur(?!i[ao])|wound|hurt\b|casualt|victim|missing|surviv|bodies|toll|hostage|tot[oe]\b|getötet|verletz|"
    r"morts?\b|mortes|muert|herid|feri|bless|morti\b|doden|gewond|döda|drept|погиб|ранен|убит)",
    re.IGNORECASE,
)
# As with speech; two further letters are those that `re` takes for an i and an s.
_TOLL_ASCII = ("kill", "dead", "die", "dying", "death", "fatal", "injur", "wound", "hurt", "casualt", "victim", "missing", "surviv", "bodies", "toll", "hostage", "tot", "verletz", "mort", "muer", "herid", "feri", "bless", "doden", "gewond", "drept")  # fmt: skip
_TOLL_SIGNS = (*_TOLL_ASCII, "getötet", "döda", "погиб", "ранен", "убит", "ı", "ſ")


def states_toll(text: str) -> bool:
    """Return whether a text speaks of people killed, hurt, missing or held, which no rule may take for its words."""
    signs = _TOLL_ASCII if text.isascii() else _TOLL_SIGNS
    return any(map(text.lower().__contains__, signs)) and _TOLL.search(text) is not None


def is_duration_caption(text: str) -> bool:
    """Return whether a line ends in, or is, a playing time ("Rescue underway 1:11")."""
    if (
        len(text) > 200
        or not (text[-1].isdigit() or text[-1] in ")]" or text[0].isdigit())
        or not (":" in text or "(" in text)
    ):
        return False
    return _DURATION.search(text) is not None and _DATED.search(text) is None


def is_correction(text: str) -> bool:
    """Return whether a line is a correction, clarification or editor's note."""
    if not 20 <= len(text) <= 1500:
        return False
    opens = text[:2].lower()
    if opens in _NOTED or not text[0].isalpha():
        if _CORRECTION.match(text) is not None or _AGENCY_NOTE.match(text) is not None:
            return True
        if _NOTE.match(text) is not None:
            return _OWNS_UP.search(text) is not None
    if opens in _ABROAD_OPENS and len(text) <= 400 and _ABROAD.match(text) is not None:
        return True
    opening = text[:400].lower()
    return (
        "version of th" in opening or " corrected" in opening or " amended" in opening
    ) and _CORRECTION_INSIDE.search(opening) is not None


def leads_on(text: str) -> bool:
    """Return whether a line opens as links to other stories do ("Related:", "Read more")."""
    return _LEAD.match(text) is not None or furniture_reason(text) is not None


def opens_comments(text: str) -> bool:
    """Return whether a line is the heading of readers' comments."""
    return len(text) <= 60 and _COMMENTS.match(text) is not None


def names_others(text: str) -> bool:
    """Return whether a heading names other stories or videos, whatever stands under it."""
    return len(text) <= 60 and _NAMES_OTHERS.match(text) is not None


def is_guarded(text: str) -> bool:
    """Return whether a text carries a number, a quotation or a source, so that wording alone never removes it."""
    return _CHECKABLE.search(text) is not None or names_speech(text)


def names_speech(text: str) -> bool:
    """Return whether a text has a word by which it names who said something."""
    low = text.lower()
    signs = _SPOKEN_ASCII if text.isascii() else _SPOKEN_SIGNS
    return any(map(low.__contains__, signs)) and _SPOKEN.search(low) is not None


def is_appeal(text: str) -> bool:
    """Return whether a line with a link asks readers to follow or join the publisher and states nothing checkable."""
    if len(text) > 250 or is_guarded(text):
        return False
    return (_ASKS.search(text) is not None and _APPEAL_OBJECT.search(text) is not None) or (
        _FUNDED.search(text) is not None
        and _OWN.search(text) is not None
        and _PLEADED.search(text) is None
        and not states_toll(text)
    )


def is_invitation(text: str) -> bool:
    """Return whether a short line, linked or not, asks readers to sign up for something sent to them and states nothing checkable."""
    if len(text) > 160 or not (
        "ubscri" in text or "nbox" in text or "ewsletter" in text or "ign up" in text or "mail" in text
    ):
        return False
    return not is_guarded(text) and len({word.lower() for word in _SENT.findall(text)}) >= 2


def is_channel_prompt(text: str) -> bool:
    """Return whether a line with a link, or a short one, asks readers to follow a newsletter or a channel and quotes nobody.

    A longer one that holds a figure may be an editor's own paragraph (what a subscription costs) and stays.
    """
    return (
        len(text) <= (160 if _CHECKABLE.search(text) else 260)
        and _CHANNEL.search(text) is not None
        and len({word.lower() for word in _ASKED.findall(text)}) >= 1
        and not names_speech(text)
        and not any(sign in text for sign in '“”„«»"')
        and not states_toll(text)
    )


def is_edition_prompt(text: str) -> bool:
    """Return whether a line asks readers which edition of the site they want to see."""
    if len(text) > 320 or not (
        "dition" in text
        or "ersion" in text
        or "site" in text
        or "ocation" in text
        or "egion" in text
        or "ountry" in text
        or "free " in text
    ):
        return False
    low = text.lower()
    if not ("you" in low or "dition" in low or low.startswith(("choose", "select", "change"))):
        return False
    return _EDITION.search(text) is not None


# Signs that widgets set before their messages ("✅ Thank you for taking part", news pages of 2025, read 2026-11-28).
_SIGNS = "✅✔✓☑★→►▶👉📩📧🔔 "


def _says_more(text: str) -> bool:
    """Return whether a line that ends in a credit opens with a caption or a sentence of its own."""
    at = max(text.rfind(" ("), text.rfind(" ["), text.rfind(". "))
    return at >= _CAPTIONED and text.count(" ", 0, at) >= 3


# The shortest caption before a credit in made-up pages (2026-11-29).
_CAPTIONED = 20


# What papers of China print over a text whose headline they changed (pages of 2019, read 2026-11-29).
_FORMERLY = re.compile(
    r"[（(【]?(?:本文)?原(?:标题|標題|题为|題為)\s?(?:[：:]\s?[^。]{2,120}|《[^》]{2,110}》[）)】]?)"
)


@remembered
def furniture_reason(text: str) -> str | None:
    """Name the kind of furniture a whole line is by its wording, or None."""
    size = len(text)
    if size > 320:
        return None
    if is_duration_caption(text):
        return "video_caption"
    if size <= 60:
        if _LABEL.match(text):
            return "feedback" if text.lower().endswith("feedback") else "label"
        if _AGO.match(text):
            return "relative_time"
        if _COUNTER.match(text) or (text[-1] not in '.!?”"' and _COUNTED.search(text)):
            return "counter"
        if _SLIDES.fullmatch(text):
            return "counter"
    low = text.lower()
    if (
        "copyright" in low
        or "©" in low
        or "(c) " in low
        or "all rights reserved" in low
        or "this material" in low
        or any(map(low.__contains__, _RIGHTS_ASCII if text.isascii() else _RIGHTS_ABROAD))
    ) and _RIGHTS.match(text):
        return "copyright"
    if (" " not in text and _ADDRESS.match(text)) or (
        "原" in text[:4] and size <= 130 and _FORMERLY.fullmatch(text)
    ):
        return "label"
    if size <= 100 and "comment" in low and _SHUT.match(text):
        return "comments"
    if size <= 160 and _AGED.match(text):
        return "label"
    if (
        size <= 130
        and (
            ":" in low
            or "bild" in low
            or "/" in low
            or "©" in low
            or " via " in low
            or " by " in low
            or "：" in low
            or "图" in low[:3]
        )
        and _CREDIT.match(text)
        and not _says_more(text)
        and not states_toll(text)
    ):
        return "photo_credit"
    if text[-1] != "." and _LEAD.match(text):
        return "related_link"
    if is_invitation(text) or is_edition_prompt(text):
        return "appeal"
    if ":" in text and _TAGS.match(text):
        return "label"
    plain = text.lstrip(_SIGNS)
    if (
        _APPEAL.match(plain)
        and (len(plain) < 40 or _APPEAL_OBJECT.search(plain))
        and not is_guarded(text)
        and not states_toll(text)
    ):
        return "appeal"
    return None
