"""Names of months as papers print them, and the days of the Persian calendar."""

import re
from datetime import date, timedelta

# "listopada" is November in Polish and October in Croatian, and is left out.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar januari janvier janv enero gennaio janeiro jänner stycznia января січня ocak ianuarie ledna tammikuuta ιανουαρίου يناير जनवरी ינואר בינואר",
            "february feb februar februari février févr febrero febbraio fevereiro lutego февраля лютого şubat februarie února helmikuuta φεβρουαρίου فبراير شباط फरवरी फ़रवरी פברואר בפברואר",
            "march mar märz mars marzo março maart mrz marca марта березня mart maret martie března maaliskuuta μαρτίου مارس آذار मार्च מרץ במרץ מרס במרס",
            "april apr avril abril aprile avr abr kwietnia апреля квітня nisan aprilie dubna huhtikuuta απριλίου أبريل ابريل نيسان अप्रैल אפריל באפריל",
            "may mai mayo maggio maio mei maj maja мая травня mayıs května toukokuuta μαΐου μαίου مايو أيار मई מאי במאי",
            "june jun juni juin junio giugno junho czerwca июня червня haziran iunie června kesäkuuta ιουνίου يونيو حزيران जून יוני ביוני",
            "july jul juli juillet julio luglio julho juil lipca июля липня temmuz iulie července heinäkuuta ιουλίου يوليو تموز जुलाई יולי ביולי",
            "august aug augusti août agosto augustus ago sierpnia августа серпня ağustos agustus srpna elokuuta αυγούστου أغسطس اغسطس अगस्त אוגוסט באוגוסט",
            "september sep sept septembre septiembre settembre setembro set września сентября вересня eylül septembrie září syyskuuta σεπτεμβρίου سبتمبر أيلول सितंबर सितम्बर ספטמבר בספטמבר",
            "october oct oktober octobre octubre ottobre outubro okt out października октября жовтня ekim octombrie října lokakuuta οκτωβρίου أكتوبر اكتوبر अक्टूबर अक्तूबर אוקטובר באוקטובר",
            "november nov novembre noviembre novembro ноября листопада kasım noiembrie listopadu marraskuuta νοεμβρίου نوفمبر नवंबर नवम्बर נובמבר בנובמבר",
            "december dec dezember décembre diciembre dicembre dezembro desember dez déc dic grudnia декабря грудня aralık decembrie prosince joulukuuta δεκεμβρίου ديسمبر दिसंबर दिसम्बर דצמבר בדצמבר",
        ),
        start=1,
    )
    for name in names.split()
}
_PERSIAN = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
_PLAIN = str.maketrans("يك۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "یک01234567890123456789")
_WORDED = re.compile(
    rf"(?<![\w/])(\d{{1,2}})\s?(?:ماه )?({'|'.join(_PERSIAN)})(?:\s?ماه)?[ ،,]{{1,3}}(1[34]\d\d)(?!\d)"
)
_NUMBERED = re.compile(r"(?<![\d/-])(1[34]\d\d)([/-])(\d{1,2})\2(\d{1,2})(?![\d/])")
# The years 1370 to 1420 are 1991 to 2042.
_YEARS = range(1370, 1421)
_NEW_YEAR = date(1991, 3, 21)
_LEAP = frozenset([1, 5, 9, 13, 17, 22, 26, 30])


def persian_day_in(text: str) -> tuple[int, int, int, int, int] | None:
    """Return year, month and day of our calendar, with where they stand, of the one Persian date a text prints; else None.

    Example:
        >>> persian_day_in("۱۳ شهریور ۱۴۰۲")[:3], persian_day_in("1402/06/13 - 10:20")[:3]
        ((2023, 9, 4), (2023, 9, 4))
    """
    plain = text.translate(_PLAIN)
    found = [
        (int(match[3]), _PERSIAN.index(match[2]) + 1, int(match[1]), match.start(), match.end())
        for match in _WORDED.finditer(plain)
    ] or [
        (int(match[1]), int(match[3]), int(match[4]), match.start(), match.end())
        for match in _NUMBERED.finditer(plain)
    ]
    if not found or any(other[:3] != found[0][:3] for other in found):
        return None
    year, month, day, start, end = found[0]
    if year not in _YEARS or not 1 <= month <= 12 or not 1 <= day <= (31 if month <= 6 else 30):
        return None
    days = (month - 1) * 31 - max(0, month - 7) + day - 1
    at = _NEW_YEAR + timedelta(days=_days_before(year) + days)
    return at.year, at.month, at.day, start, end


def _days_before(year: int) -> int:
    """Return the days between new year 1370 and that of a year; of 33 years eight are longer, by their place in the cycle."""
    return sum(366 if earlier % 33 in _LEAP else 365 for earlier in range(_YEARS.start, year))
