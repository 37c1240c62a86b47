"""A new design is no edit, and an edit that comes with a new design is told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from redesigns import AT, DESIGNS, NAMES, STORIES, Capture, same_pairs

from crawler.parser import parse
from diffs.changes import changes_between
from diffs.changes.told import Told
from diffs.model import Apart, Article, Block, BlockKind, Change, ChangeKind, ChangeType, Weight

SAME = list(same_pairs())
Edit = Callable[[Sequence[str]], Sequence[str]]


def told(old: Capture, new: Capture) -> list[Change]:
    """Return the substantive changes between two captures, each read as a page."""
    articles = old.article(0), new.article(1)
    assert [one.suspect for one in articles] == [None, None]
    return [one for one in changes_between(*articles) if one.weight is Weight.SUBSTANTIVE]


def words(change: Change) -> str:
    sides = (one.text for one in (change.before, change.after) if one is not None)
    return " ".join([*sides, "".join(edit.text for edit in change.edits)])


def number(pair: tuple[Capture, Capture]) -> str:
    return f"{pair[0].language}-{pair[0].design}-{pair[1].design}-{pair[1].furniture[0][2] or pair[1].furniture[0][1]}"


def test_the_gates_are_wide_enough() -> None:
    assert len(SAME) >= 60
    assert len({pair[0].language for pair in SAME}) >= 10
    assert len(list(_deletions())) >= 60


@pytest.mark.parametrize("pair", SAME, ids=number)
def test_furniture_that_comes_or_goes_with_a_design_is_no_edit(pair: tuple[Capture, Capture]) -> None:
    assert [words(one) for one in told(*pair)] == []
    assert [words(one) for one in told(*reversed(pair))] == []


@pytest.mark.parametrize("pair", SAME[::7], ids=number)
def test_furniture_is_still_listed(pair: tuple[Capture, Capture]) -> None:
    old, new = (one.article(day) for day, one in enumerate(pair))
    line = pair[1].furniture[0][-1]
    kept = [block.text for block in new.blocks]
    removed = [one.text for one in new.removed]
    changes = [words(one) for one in changes_between(old, new)]
    assert any(line in text for text in (changes if line in kept else removed))


def _deletions() -> Iterator[tuple[Capture, Capture, str]]:
    """Yield for each paragraph of each story a capture without it, and one with it in another design full of furniture."""
    for order, (language, story) in enumerate(STORIES.items()):
        whole = story["paragraphs"]
        for at, gone in enumerate(whole):
            old = NAMES[(order + at) % len(NAMES)]
            new = NAMES[(order + 5 * at + 1) % len(NAMES)]
            new = NAMES[(NAMES.index(new) + 1) % len(NAMES)] if new == old else new
            rest = [text for text in whole if text != gone]
            yield (
                Capture(language=language, design=old, paragraphs=rest),
                Capture(language=language, design=new, paragraphs=whole, furniture=story["furniture"][:3]),
                gone,
            )


@pytest.mark.parametrize(
    ("short", "whole", "gone"),
    list(_deletions()),
    ids=lambda one: one[:12] if isinstance(one, str) else one.design,
)
def test_a_paragraph_that_comes_or_goes_with_a_design_is_told(
    short: Capture, whole: Capture, gone: str
) -> None:
    for pair in ((short, whole), (whole, short)):
        assert any(gone[:40] in words(one) for one in told(*pair))


def _with(text: str, at: int = 3) -> Edit:
    return lambda whole: [*whole[:at], text, *whole[at:]]


def _for(at: int, text: str) -> Edit:
    return lambda whole: [*whole[:at], text, *whole[at + 1 :]]


VICTIMS = (
    "Anna Korsak, a nurse from Tolbury",
    "Pieter Vos, who had come to see his sister",
    "The twins Ida and Rolf Mayne",
)
EDITS: dict[str, tuple[str, Edit, str]] = {
    "a plain sentence": ("en", _with("Fishermen had asked for a light on the sandbank."), "Fishermen"),
    "a denial of three words": ("en", _with("The owner denied everything."), "denied everything"),
    "a last paragraph": ("en", _with("Nobody in Tolbury had seen the ship leave.", 8), "Nobody in Tolbury"),
    "a name": ("en", _for(6, STORIES["en"]["paragraphs"][6].replace("Lise Farrow", "Carla Nunn")), "Carla Nunn"),
    "a figure": ("en", _for(2, STORIES["en"]["paragraphs"][2].replace("Three crew", "Five crew")), "Five crew"),
    "a source": ("en", _for(2, STORIES["en"]["paragraphs"][2].replace(", according to the coastguard", "")), "according to"),
    "a note": ("en", _with("Correction: An earlier version of this story misstated the name of the ship.", 8), "Correction"),
    "an opening in a drop cap": ("en", _with('<p class="drop-cap">The harbour bell rang all night.</p>', 0), "harbour bell"),
    "a last paragraph without margin": ("en", _with('<p class="mb-0 last">The ship lies on its side.</p>', 8), "on its side"),
    "a denial in a box": ("en", _with('<div class="stand"><p>The harbour office denied the report.</p></div>'), "denied"),
    "a figure in a box": ("en", _with('<div class="stand"><p>The search has cost 90,000 crowns.</p></div>'), "90,000"),
    "a fate in a box": ("en", _with('<div class="stand"><p>A diver died during the search.</p></div>'), "diver died"),
    "a source in a box": ("en", _with('<div class="stand"><p>The light was out, the pilot Ines Roe said.</p></div>'), "Ines Roe"),
    "a quotation in a box": (
        "en",
        _with('<div class="pulled-words"><p>“It was dark and nobody came for us,” a passenger wrote.</p></div>'),
        "nobody came",
    ),
    "a question in an interview": (
        "en",
        lambda whole: [one for at, text in enumerate(whole) for one in (f'<p class="asks"><b>And what of {at}?</b></p>', text)],
        "And what of",
    ),
    "a box that tells of the dead": (
        "en",
        _with(f'<div class="names"><h3>The dead</h3><ul>{"".join(f"<li>{one}</li>" for one in VICTIMS)}</ul></div>'),
        "a nurse from Tolbury",
    ),
    "German denial": ("de", _with("Die Feuerwehr dementierte das."), "dementierte"),
    "German denial in a box": ("de", _with('<div class="kasten"><p>Der Betreiber weist die Vorwürfe zurück.</p></div>'), "Vorwürfe"),
    "German fate in a box": ("de", _with('<div class="stand"><p>Ein Feuerwehrmann ist gestorben.</p></div>'), "gestorben"),
    "French denial in a box": ("fr", _with('<div class="encadre"><p>Le hameau dément tout retard des secours.</p></div>'), "dément"),
    "Spanish figure in a box": ("es", _with('<div class="dato"><p>El seguro pagará 40.000 euros.</p></div>'), "40.000"),
    "Italian quotation in a box": (
        "it",
        _with('<div class="voce"><p>«Avevamo chiesto più controlli da anni», dice la preside.</p></div>'),
        "più controlli",
    ),
    "Portuguese source in a box": ("pt", _with('<div class="stand"><p>Segundo os moradores, a comporta da represa ficou aberta.</p></div>'), "comporta"),
    "Dutch negation in a box": ("nl", _with('<div class="stand"><p>De wissel was niet gekeurd, meldt de spoorbeheerder.</p></div>'), "gekeurd"),
    "Polish denial": ("pl", _with("Ministerstwo zaprzecza."), "zaprzecza"),
    "Russian denial in a box": ("ru", _with('<div class="spravka"><p>Владелец здания отверг обвинения.</p></div>'), "отверг"),
    "Turkish fate in a box": ("tr", _with('<div class="stand"><p>Bir kurtarma görevlisi hayatını kaybetti.</p></div>'), "görevlisi"),
    "Swedish source": ("sv", _with("Skolan hålls stängd, enligt rektorn."), "rektorn"),
    "an arrest in a box": ("en", _with('<div class="explainer"><p>Police arrested the head of Tolbury Lines at the quay on Thursday.</p></div>'), "arrested"),
    "an owner in a box": ("en", _with('<div class="explainer"><p>The mayor owns a share of Tolbury Lines, which runs the ferry.</p></div>'), "owns"),
    "a charge in a box": ("en", _with('<div class="explainer"><p>Crane has been charged with fraud over the ferry.</p></div>'), "charged"),
    "a resignation in a box": ("en", _with('<div class="explainer"><p>The head of the harbour office, Marta Ley, stepped down over the ferry.</p></div>'), "stepped down"),
    "a retraction in a box": ("en", _with('<div class="explainer"><p>An earlier claim that the mayor owned the ferry has been withdrawn.</p></div>'), "withdrawn"),
    "a hedge in a box": ("en", _with('<div class="explainer"><p>The sandbank may have moved before the storm came.</p></div>'), "may have"),
    "a retraction of the newsroom": ("en", _with('<div class="explainer"><p>We have withdrawn our story about the harbour office.</p></div>'), "withdrawn"),
    "what somebody owned up to": ("en", _with('<div class="explainer"><p>We knew of the cracks, the builder said in an email to our newsroom.</p></div>'), "builder said"),
    "what befell the newsroom": ("en", _with('<div class="explainer"><p>Our newsroom was raided on Friday.</p></div>'), "raided"),
    "what befell a German newsroom": ("de", _with('<div class="kasten"><p>Unsere Redaktion wurde am Freitag durchsucht.</p></div>'), "durchsucht"),
    "an italic retraction": ("en", _with("<p><em>The paper has withdrawn the earlier claim about its owner.</em></p>", 8), "withdrawn"),
    "a sum that the writer was told": ("en", _with('<div class="explainer"><p>Crane told Hanna Oddy that 40,000 crowns had changed hands.</p></div>'), "40,000"),
    "what befell the writer": ("en", _with('<div class="explainer"><p>Hanna Oddy was held at the quay for 30 hours, which the harbour office disputes.</p></div>'), "30 hours"),
    "two people in a list": ("en", _with('<div class="names"><ul><li>Piers Crane, head of the ferry line</li><li>Marta Ley, head of the office</li></ul></div>'), "Piers Crane"),
    "a role turned round": ("en", _with('<div class="keypoints"><p>The harbour office denied that Lise Farrow had ignored warnings.</p></div>'), "had ignored"),
    "German arrest in a box": ("de", _with('<div class="kasten"><p>Die Ermittler nahmen den Chef des Lagers am Bahnhof fest.</p></div>'), "am Bahnhof"),
    "German retraction in a box": ("de", _with('<div class="kasten"><p>Eine frühere Behauptung über den Betreiber haben wir zurückgezogen.</p></div>'), "zurückgezogen"),
    "Swedish fact in a box": ("sv", _with('<div class="faktaruta"><h3>Fakta</h3><p>Brandrisken anges på en skala där torka och vind vägs samman.</p></div>'), "Brandrisken"),
    "Italian fact in a box": ("it", _with('<div class="scheda"><p>Le passerelle sono soggette a verifiche periodiche da parte dei comuni.</p></div>'), "verifiche"),
    "Arabic denial in a box": ("ar", _with('<div class="bayan"><p>ونفت النيابة ما نشر عن المبنى.</p></div>'), "ونفت"),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("designs", [("post", "fusion"), ("modules", "node"), ("portal", "components")])
def test_an_edit_that_comes_with_a_design_is_told(name: str, designs: tuple[str, str]) -> None:
    language, edit, needle = EDITS[name]
    story = STORIES[language]
    old = Capture(language=language, design=designs[0], paragraphs=story["paragraphs"])
    new = Capture(
        language=language,
        design=designs[1],
        paragraphs=edit(story["paragraphs"]),
        furniture=story["furniture"][1:3],
    )
    for pair in ((old, new), (new, old)):
        assert any(needle in words(one) for one in told(*pair)), needle


@pytest.mark.parametrize("at", range(len(VICTIMS)))
def test_an_item_of_a_list_that_both_have_is_told(at: int) -> None:
    def listed(items: Sequence[str]) -> str:
        return f'<div class="victims"><ul>{"".join(f"<li>{item}</li>" for item in items)}</ul></div>'

    story = STORIES["en"]["paragraphs"]
    old = Capture(language="en", design="post", paragraphs=[*story[:4], listed(VICTIMS), *story[4:]])
    rest = [item for item in VICTIMS if item != VICTIMS[at]]
    new = replace(old, design="fusion", paragraphs=[*story[:4], listed(rest), *story[4:]])
    for pair in ((old, new), (new, old)):
        assert any(VICTIMS[at] in words(one) for one in told(*pair))


def test_a_headline_that_changes_with_a_design_is_told() -> None:
    old, new = SAME[0]
    found = told(old, replace(new, headline="Ferry company is accused of ignoring a warning"))
    assert ChangeKind.HEADLINE in {one.kind for one in found}


def test_under_one_design_a_box_that_comes_is_told() -> None:
    old, new = SAME[2]
    assert any("behind the story" in words(one) for one in told(replace(old, design=new.design), new))


@pytest.mark.parametrize(
    ("language", "point", "wrong"),
    [
        ("de", "12 Menschen wurden verletzt, zwei von ihnen schwer", "12 Menschen wurden getötet, zwei von ihnen verletzt"),
        ("it", "Nove persone sono rimaste ferite", "Dieci persone sono rimaste ferite, una è morta"),
        ("fr", "Deux randonneurs sont toujours recherchés", "Deux randonneurs sont morts"),
        ("fr", "Le maire a démenti avoir reçu une alerte", "Le maire a reçu 3 fois une alerte avant la catastrophe"),
        ("pt", "Prefeitura negou que comportas tenham sido abertas sem aviso", "3 comportas da represa foram abertas sem aviso"),
        ("sv", "Omkring 90 personer har fått lämna sina hem", "Omkring 900 personer har fått lämna sina hem"),
        ("es", "La compañía negó que hubiera trabajos en la zona", "La compañía de gas hizo 2 trabajos en la zona"),
        ("pl", "Zarząd kopalni zaprzecza, by czujniki były wyłączone", "Zarząd kopalni: 4 czujniki gazu były wyłączone"),
    ],
)  # fmt: skip
def test_a_point_that_one_sentence_of_the_text_says_is_no_edit(language: str, point: str, wrong: str) -> None:
    old = Capture(language=language, design="post", paragraphs=STORIES[language]["paragraphs"])
    for line, heard in ((point, False), (wrong, True)):
        new = replace(old, design="modules", furniture=[["top", "list", "punkte", "In short", line]])
        for pair in ((old, new), (new, old)):
            assert any(line in words(one) for one in told(*pair)) is heard


def test_an_english_paragraph_that_speaks_to_the_reader_alone_is_minor() -> None:
    old = Capture(language="en", design="post", paragraphs=STORIES["en"]["paragraphs"])
    for line, heard in (
        ("Thank you for staying with us until here.", False),
        ("People were glad of the soup.", True),
    ):
        new = replace(old, design="fusion", paragraphs=[*old.paragraphs, line])
        for pair in ((old, new), (new, old)):
            assert any(line in words(one) for one in told(*pair)) is heard


def test_a_capture_read_before_boxes_were_known_is_judged_as_before() -> None:
    old, new = (one.article(day) for day, one in enumerate(SAME[7]))
    bare = [replace(one, apart=(), frame=()) for one in (old, new)]
    assert any(one.weight is Weight.SUBSTANTIVE for one in changes_between(*bare))


@pytest.mark.parametrize("design", DESIGNS)
def test_a_page_without_furniture_sets_nothing_apart(design: str) -> None:
    article = Capture(language="en", design=design, paragraphs=STORIES["en"]["paragraphs"]).article(0)
    assert article.apart == ()
    assert article.frame[0].startswith("body")


def test_a_box_names_its_blocks() -> None:
    page = (
        b"<body><main><h1>Quay gives way at Marrow</h1><div class=story-text><p>The old quay at Marrow gave way on Monday after days of rain.</p>"
        b"<div class=signup-bar><h3>The Tide</h3><p>A letter from the coast, every weekday morning.</p></div>"
        b"<p>Engineers had warned the council of the cracks in the wall.</p><p><em>We are glad that you read our local pages.</em></p>"
        b"<p>The council will meet behind closed doors on Thursday.</p></div></main></body>"
    )
    article = parse(page, url="https://courier.example/news/quay")
    assert [block.text[:8] for block in article.blocks] == [
        "The old ",
        "The Tide",
        "A letter",
        "Engineer",
        "We are g",
        "The coun",
    ]
    assert article.apart == (Apart(blocks=(1, 2), boxed=True), Apart(blocks=(4,), boxed=False))


@pytest.mark.parametrize(
    ("standfirst", "heard"),
    [
        ("Council leader Piers Crane took money from the line, letters show", True),
        ("Piers Crane took money from the line", True),
        ("Tolbury Lines knew of the sandbank and kept silent for months", True),
        ("Passengers were taken off in the dark as the wind rose", False),
    ],
)
def test_a_standfirst_that_names_somebody_is_told(standfirst: str, *, heard: bool) -> None:
    bare = Capture(language="en", design="post", paragraphs=STORIES["en"]["paragraphs"]).article(0)
    old = replace(bare, standfirst=standfirst)
    new = Capture(language="en", design="fusion", paragraphs=STORIES["en"]["paragraphs"]).article(1)
    for pair in ((old, new), (new, old)):
        found = [one for one in changes_between(*pair) if one.kind is ChangeKind.STANDFIRST]
        assert [one.weight is Weight.SUBSTANTIVE for one in found] == [heard]


def _state(body: str, first: str, last: str) -> bytes:
    story = STORIES["en"]["paragraphs"]
    rest = "".join(f"<p>{text}</p>" for text in story[1:])
    return (
        f'<html lang="en"><body class="{body}"><main class="layout"><article><h1>{STORIES["en"]["title"]}</h1>'
        f'<p class="{first}">{story[0]}</p>{rest}{last}</article></main></body></html>'
    ).encode()


def test_a_state_of_the_page_and_a_drop_cap_are_no_other_design() -> None:
    old, new = (
        parse(page, url="https://courier.example/news/story", captured_at=AT)
        for page in (
            _state("breaking", "dropcap", "<p><em>The paper thanks its owner.</em></p>"),
            _state("archived", "lead", ""),
        )
    )
    assert [one.weight for one in changes_between(old, new)] == [Weight.SUBSTANTIVE]


def test_a_point_that_is_turned_into_its_opposite_is_one_edit() -> None:
    def listed(name: str, point: str) -> str:
        return f'<div class="{name}"><ul><li>{point}</li></ul></div>'

    story = STORIES["en"]["paragraphs"]
    first = listed("keypoints", "The head of the harbour office resigned over the ferry")
    second = listed("b-highlights", "Marta Ley stays at the harbour office, the mayor decided")
    old = Capture(language="en", design="post", paragraphs=[first, *story])
    new = replace(old, design="fusion", paragraphs=[second, *story])
    for pair in ((old, new), (new, old)):
        assert any("resigned" in words(one) for one in told(*pair))
        assert any("stays" in words(one) for one in told(*pair))


@pytest.mark.parametrize(
    ("language", "point", "last", "heard"),
    [
        ("en", "The mayor took 30,000 crowns from the line", "A rumour that the mayor took 30,000 crowns from the line was false.", True),
        ("en", "The mayor took 30,000 crowns from the line", "Asked whether the mayor took 30,000 crowns from the line, the clerk left.", True),
        ("en", "The mayor took 30,000 crowns from the line", "In 1998 the mayor took 30,000 crowns from the line.", True),
        ("en", "The mayor took 30,000 crowns from the line", "The mayor took 30,000 crowns from the line, letters at the court show.", True),
        ("en", "The mayor took 30,000 crowns from the line", "In June the mayor took 30,000 crowns from the line.", False),
        ("en", "9 sailors died in the storm", "As many as 9 sailors may have died in the storm.", True),
        ("en", "Crane shot dead a guard", "A guard shot Crane dead at the quay.", True),
        ("en", "9 sailors died, the mayor admitted", "The mayor admitted that the light was old; 9 sailors died elsewhere.", True),
        ("de", "Der Chef nahm 30.000 Kronen vom Lager", "Das Gerücht, der Chef nahm 30.000 Kronen vom Lager, kam im Mai auf.", True),
        ("de", "Der Chef nahm 30.000 Kronen vom Lager", "Der Chef nahm 30.000 Kronen vom Lager und schwieg.", False),
    ],
)  # fmt: skip
def test_a_point_that_the_text_withholds_is_told(
    language: str, point: str, last: str, *, heard: bool
) -> None:
    story = [*STORIES[language]["paragraphs"], last]
    old = Capture(language=language, design="post", paragraphs=story)
    new = replace(old, design="modules", furniture=[["top", "list", "punkte", "In short", point]])
    for pair in ((old, new), (new, old)):
        assert any(point in words(one) for one in told(*pair)) is heard


@pytest.mark.parametrize(
    ("language", "text", "line"),
    [
        ("zh", ["河上的老桥在周三深夜被洪水冲垮，下城居民连夜撤离到学校。", "消防人员整夜在河边搜寻，公交车改走北面的公路。", "这座桥由市政府修建，去年春天刚刚完成检修工程。", "工程师将于周五检查剩下的桥墩，结果会在下周公布。"], "市长否认。"),
        ("hi", ["नदी पर बना पुराना पुल बुधवार की रात बाढ़ में बह गया और निचला शहर खाली कराया गया।", "दमकल कर्मी रात भर नदी के किनारे खोज करते रहे और बसें उत्तर की सड़क से चलीं।", "यह पुल नगर परिषद ने बनवाया था और पिछले साल इसकी मरम्मत हुई थी।"], "महापौर ने आरोप को गलत बताया।"),
    ],
)  # fmt: skip
def test_a_box_in_a_language_without_a_table_is_told(language: str, text: Sequence[str], line: str) -> None:
    def page(frame: str, paragraphs: Sequence[str]) -> Article:
        inner = "".join(one if one.startswith("<") else f"<p>{one}</p>" for one in paragraphs)
        html = f'<html lang="{language}"><body>{frame.format(inner=inner)}</body></html>'
        return parse(html.encode(), url="https://courier.example/news/story", captured_at=AT)

    old = page(
        '<main id="main"><article class="post"><div class="entry-content"><h1>x</h1>{inner}</div></article></main>',
        [*text[:2], f'<div class="explainer"><p>{line}</p></div>', *text[2:]],
    )
    new = page(
        '<div id="fusion-app"><section class="b-it"><h1>x</h1><div class="article-wrapper">{inner}</div></section></div>',
        text,
    )
    assert line in old.text
    for pair in ((old, new), (new, old)):
        assert any(one.weight is Weight.SUBSTANTIVE and line in words(one) for one in changes_between(*pair))


def test_many_boxes_are_compared_by_their_words_not_each_with_each() -> None:
    def version(design: str, boxes: int) -> Article:
        lines = [
            f"The ship of line {number} left quay {number} before the storm of the month came."
            for number in range(200)
        ]
        text = [
            *lines,
            *(
                f'<div class="box"><p>Ship {number} carried {number + 7} bells to the island.</p></div>'
                for number in range(boxes)
            ),
        ]
        return Capture(language="en", design=design, paragraphs=text).article(0)

    asked = 0
    whole = Told._covers

    def counting(self: Told, one: str, other: str) -> bool:
        nonlocal asked
        asked += 1
        return whole(self, one, other)

    old, new = version("post", 150), version("fusion", 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Told, "_covers", counting)
        list(changes_between(old, new))
    assert asked < 1000


def _article(*blocks: Block, frame: Sequence[str], apart: Sequence[Apart] = ()) -> Article:
    return replace(
        Article.from_text("Quay gives way at Marrow"), blocks=blocks, frame=tuple(frame), apart=tuple(apart)
    )


def test_a_box_and_a_paragraph_much_like_it_are_no_edit() -> None:
    first = Block(
        kind=BlockKind.PARAGRAPH, text="The old quay at Marrow gave way on Monday after days of rain."
    )
    second = Block(
        kind=BlockKind.PARAGRAPH, text="Engineers opened the flood gates of the upper harbour for the night."
    )
    point = Block(kind=BlockKind.LIST_ITEM, text="Engineers opened the flood gates")
    old = _article(first, second, frame=("body.a", "p"))
    new = _article(first, point, frame=("main.b", "div.c"), apart=[Apart(blocks=(1,), boxed=True)])
    found = {one.type: one.weight for one in changes_between(old, new)}
    assert found == {ChangeType.REMOVED: Weight.SUBSTANTIVE, ChangeType.ADDED: Weight.MINOR}
