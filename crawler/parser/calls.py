"""Tells what speaks to the readers of a site, in the forms that calls have in thirty languages."""

import re

from crawler.parser.remembered import remembered

# Imperatives of what sites ask for, where a clause opens (calls in thirty languages written by hand, 2026-11-29).
_OPENED = (
    r"(?:follow (?:us|our|the|along|@)|find us|join (?:us|our)|like us|subscribe|sign up (?:for|to)|listen to|download (?:the|our)|get (?:our|the latest|in touch)|read (?:more|our)|share your|support (?:us|our)|contact us|"
    r"e-?mail us|write to us|tell us|let us know|send (?:us|your)|help us|click (?:here|on)|become an? (?:member|supporter|subscriber)|consider (?:giving|donating|supporting|becoming|making)|please (?:consider|donate|support|subscribe|write|share|send|contact)|"
    r"(?:folgen|abonnieren|hören|lesen|schreiben|melden|unterstützen|spenden|werden|senden|schicken|laden|helfen|teilen|rufen) (?-i:Sie)|folge? (?:uns|dem|unserem)|folgt uns|abonniere\b|unterstütze? (?:uns|unser\w*)|werde (?:mitglied|teil)|jetzt (?:abonnieren|anmelden|spenden|folgen)|"
    r"(?:suivez|abonnez|inscrivez|rejoignez|recevez|écoutez|retrouvez|téléchargez|soutenez|partagez|écrivez|envoyez|signalez|aidez|contactez|cliquez|faites un don)\b|"
    r"(?:s[íi]guenos|suscr[íi]b[ea]\w*|[úu]nete|escr[íi]benos|env[íi]anos|ap[óo]yanos|ay[úu]danos|apoya (?:el|nuestr)|sigue nuestr|recibe (?:nuestr|las noticias)|escucha nuestr|descarga (?:la|nuestra)|h[áa]z(?:te soci|lo soci| clic))|"
    r"(?:seguici|iscriviti|abbonati|scrivici|sostienici|aiutaci|segnala(?:lo|la|ci|celo)|unisciti|sostieni (?:il|la|un)|ascolta (?:il|i|la) (?:nostr|podcast))|"
    r"(?:siga|assine|inscreva|receba|ouça|baixe|participe|apoie|ajude|envie|compartilhe|acompanhe|clique|torne-se)\b|"
    r"(?:volg (?:ons|onze|het|de)|meld je|abonneer|luister (?:naar|ook)|steun (?:ons|onze)|word (?:lid|abonnee)|stuur ons|mail (?:ons|naar)|tip (?:ons|de))|"
    r"(?:obserwuj|dołącz|zapisz się|subskrybuj|słuchaj|wesprzyj|wspieraj|napisz do|śledź|pobierz|polub|zgłoś|prześlij|wyślij)\b|"
    r"(?:følg (?:os|oss|vores|vår|med)|hør (?:vores|podcast)|lytt til|støtt? (?:os|oss|vores|vår)|bliv? (?:medlem|abonnent)|tilmeld|abonn[eé]r|få (?:nyhed|nyhet|vores|våre)|följ (?:oss|vår)|prenumerera|lyssna på|stöd (?:oss|vår)|bli prenumerant|tipsa)|"
    r"(?:seuraa (?:meitä|uutisia)|tilaa uutiskirje|kuuntele|liity|tue (?:meitä|journalismi)|lähetä)|"
    r"(?:sledujte|odebírejte|přihlaste|poslouchejte|podpořte|napište|pošlete|přidejte se|přispějte|prihláste|podporte|napíšte|pošlite)\b|"
    r"(?:köves[sd]|iratkozz?|hallgas[sd]|támogas[sd]|csatlakozz?)\w*|(?:urmări(?:ți|ește)-ne|urmăriți|aboneaz[ăa]|abonați|susține(?:-ne|ți)|alătur[ăa]|sprijin[ăi](?:-ne|ți))|"
    r"(?:ikuti|dukung\w*|bergabunglah|gabung|dengarkan|unduh|kirim(?:kan)?|berlangganan|ayo|mari|klik|dapatkan)\b|"
    r"(?:تابعونا|تابعنا|اشتركوا? في|انضموا? إلى قنا|استمعوا|ادعمونا|ادعموا?|ساهموا|راسلونا|شاركونا)|(?:עקבו אחרי|הצטרפו|הירשמו|האזינו|תמכו|תרמו|שלחו לנו))"
)
_ANYWHERE = (
    r"\b(?:подпи[сш]|підпи[сш]|читай|слід|след|стеж|поддерж|підтрим|присыл|надсила|пиш|напиш|слуша|слуха|присоедин|приєдн|долуч|сообщ|повідом|скач|завантаж|помог|допомо|выдел|виділ)\w*(?:те|тесь|теся)\b|"
    r"\b(?:takip ed|katıl|abone ol|abonemiz ol|dinley|tıklay|destek ol|indir|bize yaz|bize gönder|bize bildir)(?:in|ın|un|ün|iniz|ınız|unuz|ünüz)\b|"
    r"फॉलो करें|सब्सक्राइब करें|जुड़ें|सुनें|क्लिक करें|सहयोग करें|साथ दें|डाउनलोड करें|"
    r"دنبال کنید|عضو شوید|بپیوندید|گوش (?:کنید|دهید)|حمایت کنید|مشترک شوید|フォローして|登録して|お寄せください|欢迎关注|欢迎订阅|请关注|구독해|구독하세요|팔로우하세요|"
    r"\byou can (?:also )?(?:follow|find|listen|sign up|subscribe|hear|join|support)\b|\b(?:do you (?:know|have)|have you (?:been|got|seen)|did you) [^.!]{2,90}\?"
)
_CALL = re.compile(
    rf"(?:^\W{{0,3}}|[.!?…:;,،–—]\s|\b(?:and|und|et|y|e|og|och|en|i|or|oder|please|bitte)\s){_OPENED}|{_ANYWHERE}",
    re.IGNORECASE,
)


@remembered
def calls_readers(text: str) -> bool:
    """Return whether a text asks its readers to do what sites ask for: to follow, listen, write, join or give, or asks what they know."""
    return _CALL.search(text) is not None
