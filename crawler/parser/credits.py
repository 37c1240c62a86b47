"""What lines that name or commend the makers of a text look like."""

import re

from crawler.parser.guards import says_act
from crawler.parser.remembered import remembered
from crawler.parser.wording import is_guarded, is_invitation, states_toll

_WRITTEN_BY = re.compile(
    r"^(?i:by|written by|reporting by|herausgegeben von|von|par|por|di|door|av|af|texto? de|un texte de)[ :]\s?(?=[^\W\d_a-zà-þ])"
)
_TOKEN = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
_WITH_WORDS = (
    "by and und et y e og och with mit for of the in at on from to de van der den von la le du di da dos das del al bin ibn "
    "ter ten hour hours hr hrs h min mins minute minutes day days ago updated published posted pm am est edt gmt bst reporter "
    "reporters writer writers staff correspondent correspondents editor editors contributor contributing special senior chief "
    "political news business technology sports science health associated press via reporting photography photographs photos "
    "video aus"
)
_WITH_NAMES = frozenset(_WITH_WORDS.split())
_TITLED_BY = re.compile(
    r"^by (?:\S+ ){1,4}\S+, (?:an?|the|our) (?:\S+ ){0,5}(?:editor|reporter|writer|correspondent|author|journalist|columnist|critic|contributor|producer)\b",
    re.IGNORECASE,
)
# How sites say where a text was first printed, or that it is not their own (news pages of 2014 to 2025, read 2026-11-28).
_ORIGIN = re.compile(
    r"^\W{0,2}(?:(?:this|the) (?:article|story|post|piece|essay|report|column|interview|review|excerpt|commentary) (?:was |is |has been )?"
    r"(?:(?:originally|first|previously) (?:appeared|published|posted|printed|ran|written)|(?:re-?published|reprinted|syndicated|adapted|excerpted)|appeared (?:originally|first)) (?:on|in|by|at|from|for|with|here)\b|"
    r"(?:originally|first) (?:published|appeared|posted|printed) (?:on|in|by|at)\b|(?:re-?published|reprinted) (?:from|with (?:the )?permission)\b|this is a (?:press release|syndicated (?:article|story))\b|"
    r"dieser (?:artikel|text|beitrag) (?:erschien|ist) zuerst\b|cet article (?:a (?:d'abord )?été publié|est (?:initialement )?paru) (?:initialement |d'abord )?(?:dans|sur|par)\b|"
    r"este artículo (?:fue|se) public(?:ado|ó) originalmente\b)",
    re.IGNORECASE,
)
_OWN_VIEWS = re.compile(
    r"^(?:(?:the|all|any) )?(?:opinions?|views?)(?:,? (?:and|or) (?:opinions?|views?))? expressed (?:by|in|here|on|are)\b"
    r".{0,110}?(?:\b(?:are|is) (?:(?:solely|entirely|only|strictly|purely|exclusively) )?(?:those|that) of\b|\b(?:do|does)(?: not|n['’]t) (?:necessarily )?(?:reflect|represent|express|state)\b|"
    r"\bnot necessarily\b|\b(?:his|her|their|my|own|the (?:author|writer|contributor|columnist)s?['’]?s?)(?: own)?(?: alone)?\W*$)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\b(?:follow (?:him|her|them|me)\b|e-?mail:|twitter:|can be reached (?:at|by|via)\b).{0,80}@\w|"
    r"^(?:contact|reach|e-?mail|write to) [^@.]{2,60}? (?:at|on|via|by) .{0,60}@\w",
    re.IGNORECASE,
)
_ASKS_WITNESS = re.compile(
    r"^(?:have|has|are|were|did) you (?:or \w+ )?(?:been )?(?:affected|there|in|at|near|witness\w*|worried|travelling|personally)\b.{0,200}\b(?:write|e-?mail\w*|contact|tell us|share|send|get in touch|let us know)\b",
    re.IGNORECASE,
)
_ASKS_HELP = re.compile(
    r"^(?:got|have you got|have|do you have) (?:a|any) (?:news )?(?:tips?|questions?|stor(?:y|ies)|comments?|feedback)\b|^(?:ask|send) (?:us )?your (?:question|story|photo)|"
    r"\b(?:takes?|respects?|values?|protects?|cares? about) your privacy\b|\byou (?:can|may) unsubscribe\b|\b(?:please )?(?:consider|by) (?:making|becoming|giving|donating|supporting|subscribing)\b.{0,60}\b(?:donation|gift|member|contribution|us|our|subscriber)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"^.{0,160}©.{0,80}$|^\W?(?:(?:additional |with )?reporting (?:was contributed )?by\b|.{0,80}\bcontributed (?:to this (?:report|story|article)|reporting)|a version of this (?:article|story) (?:appears|appeared)|"
    r"(?:writing|editing|edited|written|produced) by\b|follow .{2,40} on (?:twitter|x|facebook|instagram)|.{2,60} is (?:an?|the|adjunct|associate|assistant) .{0,60}(?:reporter|editor|writer|correspondent|columnist|contributor|journalist|professor|lecturer|physician|fellow|faculty|author of|co-?author)\b|"
    r"published in (?-i:[A-Z]).{2,40}, .{3,20}\b(?:19|20)\d\d\b.{0,3}$|disclaimer\s?:|contact (?:staff )?(?:writer|reporter|editor|the (?:writer|author|reporter))\b|this (?:story|article|report) (?:about .{1,60} )?was (?:written|produced) (?:by|in|on)\b|"
    r"why this sponsored\b|our standards:|registration is (?:free|a free)\b|please refresh the page\b|email the (?:author|writer|reporter)\b|.{2,40} can be reached at\b)",
    re.IGNORECASE,
)
# End marks of agencies in English, Chinese, Japanese, Persian and Turkish, as remembered in made-up pages (2026-11-28), and the writer's address.
_END_MARK = re.compile(
    r"\W{0,4}(?:-?30-?|(?:the )?ends?|end of (?:story|article)|完|了|終わり?|انتهای پیام|/[a-z]{2,4}|(?-i:[A-Z]{2,4})|[（(](?:总台|本报|本台|新华社|记者|編集部|記者)[^。！？]{0,30}[）)])\W{0,4}|[\w.+-]{1,30}@[\w-]{1,30}(?:\.[\w-]{1,20}){1,3}",
    re.IGNORECASE,
)
# A Chinese name begins with one of the families that five in six people bear (the 120 commonest of 2020, written from memory 2026-11-29).
_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧葉蘇魏呂盧鍾譚陸賈韋鄒閻龍賀顧龔萬錢嚴湯温温庄倪俞施柳樊祝殷卜翟柯"
_PERSON = rf"(?:[{_FAMILY}][\u4e00-\u9fff·]{{1,3}}|(?-i:[A-Z][a-z]{{1,12}} [A-Z][a-z]{{1,12}}))"
# Outlets and offices, by the signs with which their names end; no sentence does.
_OUTLET = r"[^\s。！？，；：:]{0,20}(?:报|報|网|網|社|台|臺|频道|新闻网|新聞|客户端|公众号|微信|微博|杂志|周刊|在线|电视|广播|日报|办公室|委员会|中心|研究院|大学|集团|出版社|网络|網絡|APP|\w{1,20}\.(?:com|cn|net|org))"
# How Chinese and Korean outlets name makers and sources under a text: a label and names; a reporter's name; a note on rights or risk
# (60 pages of Chinese outlets, read 2026-11-29). What else a label may head is text.
_TAIL_EAST = re.compile(
    rf"[（(【\[]?(?:(?:责任编辑|責任編輯|责编|编辑|編輯|主编|编审|校对|审核|监制|采写|撰文|撰稿|作者|记者|記者|通讯员|供稿|摄影|文/图|文／图)(?:\s?[：:|丨/／]\s?|[ \u3000])(?:{_OUTLET}?(?:见习|實習|实习)?(?:记者|記者)[ \u3000])?(?:{_PERSON}(?:[ 、,，/|\u3000]{{1,3}}{_PERSON}){{0,6}})?[ \u3000]{{0,3}}){{1,5}}[）)】\]]?|"
    rf"[（(【\[]?(?:本文|文章|稿件|信息|图片)?来源(?:\s?[：:|丨/／]\s?|[ \u3000]){_OUTLET}(?:[ 、/|\u3000]{{1,3}}{_OUTLET}){{0,4}}[）)】\]]?|{_OUTLET}(?:记者|記者)[ \u3000]{_PERSON}|[가-힣]{{2,4}} (?:기자|특파원)(?: [\w.+-]{{1,30}}@[\w.-]{{1,30}})?|"
    r"[（(]?(?:以上)?(?:图片|信息|内容|资料|文字)均?来(?:自|源于?)于?[：:]?\s?网络(?:[，,；;]?\s?(?:如有|若有|如涉|侵权)[^。！？]{0,20})?[。）)]?|"
    r"[（(]?本文来自.{2,12}[，,].{0,20}(?:下载|关注).{0,20}|"
    r"[【\[（(]?(?:特别声明|免责声明|郑重声明|版权声明|声明|风险提示|特別聲明|免責聲明)(?:[】\])）]\s?[：:]?|\s?[：:]|(?=[本该以]))"
    r".{0,120}(?:仅供参考|不代表(?:本|我们|平台|网站|[^，。]{0,8}(?:立场|立場|观点|觀點))|版权归(?:原|作者|[^，。]{0,12}所有)|(?:如有|若有|涉及)侵权|投资建议|仅提供[^。]{0,8}存储|存储服务|儲存空間|(?:请|須|须|禁止)[^。]{0,6}转载).{0,140}"
)
# A name with an age, as the dead are listed ("Ana Ruiz, 34, a teacher").
_AGED = re.compile(
    r"[^\W\d_a-zß-ÿ][\w'’.-]{0,20}(?: (?:[^\W\d_a-zß-ÿ][\w'’.-]{0,20}|d[ae]l?|la|van|von|der|den|bin|ibn|al|el|y|e)){1,4}(?:, | \()(?:aged )?\d{1,3}(?=$|[,;.)]| [-–—])"
)


def is_byline(text: str) -> bool:
    """Return whether a line does nothing but name who wrote the text ("By Mara Ellin and Jon Roy, staff writers")."""
    if len(text) > 160:
        return len(text) <= 400 and _TITLED_BY.match(text) is not None
    opening = _WRITTEN_BY.match(text)
    if opening is None or (text[-1] in ".!?:" and not text[-3:-2].isspace()):
        return opening is not None and _TITLED_BY.match(text) is not None
    names = 0
    for token in _TOKEN.findall(text[opening.end() :]):
        if token[0].isupper():
            names += 1
        elif not (token.lower() in _WITH_NAMES or token[0].isdigit()):
            return False
    return names >= 2


def is_disclaimer(text: str) -> bool:
    """Return whether a line says only whose opinions a text holds."""
    return len(text) <= 160 and _OWN_VIEWS.match(text) is not None and not is_guarded(text)


def states_origin(text: str) -> bool:
    """Return whether a line says where the text was first printed ("This article originally appeared in ...")."""
    return len(text) <= 320 and _ORIGIN.match(text) is not None and not is_invitation(text)


def is_contact(text: str, *, linked: bool) -> bool:
    """Return whether a line tells readers how to reach or support its writers; asked only of what follows the last sentences.

    Args:
        text: The line.
        linked: Whether it has a link; without one or an address, a question to witnesses may be what somebody asked.
    """
    if len(text) > 320 or any(sign in text for sign in '“”„«»"') or states_toll(text):
        return False
    if (linked or "@" in text) and _ASKS_WITNESS.search(text) is not None:
        return True
    return _CONTACT.search(text) is not None or _ASKS_HELP.search(text) is not None


def names_aged(text: str) -> bool:
    """Return whether a line is a person's name with an age, as lists of the dead are."""
    return len(text) <= 160 and _AGED.match(text) is not None


def ends_text(text: str) -> bool:
    """Return whether a line is nothing but the mark by which agencies end a text, or an address to write to; asked only of the last lines."""
    return len(text) <= 60 and _END_MARK.fullmatch(text) is not None


@remembered
def is_credit(text: str) -> bool:
    """Return whether a line names who made the article; asked only of what follows its last sentence."""
    if len(text) > 300:
        return False
    if text.isascii() or _TAIL.match(text) is not None:
        return _TAIL.match(text) is not None
    return _TAIL_EAST.fullmatch(text) is not None and not says_act(text)
