"""What a site's other articles teach."""

import pytest

from crawler.parser import Template, parse

SENTENCES = [
    "The council of {0} said on Monday that {1} people were rescued from the flood.",
    "A fisher from {0} told reporters that he counted {1} boats before dark.",
    "Work on the dam near {0} began in 19{1} and has stopped twice since.",
    "The minister said that {1} houses in {0} would be rebuilt by the spring.",
    "Nobody in {0} had seen the river so high, and {1} wells are still closed.",
]
TOWNS = ["Greenmoor", "Old Mill", "Northport", "Fallowdale", "Sandeby", "Harrow End", "Lintel"]
MOODS = ["brave", "curious", "patient", "restless", "hungry", "gentle", "stubborn"]
ANIMALS = [
    "Otters came back to the upper river this spring, and the keepers could hardly believe their eyes.",
    "A heron stands on one leg below our window while the ferry turns around and leaves again.",
    "Nobody knows where swifts sleep, although a woman from the coast once followed one for a week.",
    "When eels leave for the sea they stop eating, and their eyes grow large and turn silver.",
    "Beavers felled the oldest willow here on a warm night, then abandoned it for no clear cause.",
    "The hedgehog under the shed has eaten every slug that dared to cross his dry kingdom.",
    "Bats hang in the bell tower all winter long, folded like gloves that somebody forgot.",
]


def essay(number: int, text: str, furniture: str) -> tuple[str, bytes]:
    words = text.split()
    turned = (" ".join(words[turn:] + words[:turn]) for turn in range(len(words)))
    lines = "".join(f"<p>{line[0].upper()}{line[1:]}</p>" for line in turned)
    markup = f"<html><body><h1>Letter to {TOWNS[number]}</h1><div>{lines}{furniture}</div></body></html>"
    return f"http://valley.example/{number}", markup.encode()


def story(number: int, furniture: str) -> tuple[str, bytes]:
    town = TOWNS[number]
    lines = "".join(f"<p>{text.format(town, 20 + number)}</p>" for text in SENTENCES)
    first, _, rest = lines.partition("</p>")
    markup = f"<html><body><h1>Flood in {town}</h1><div class='text'>{first}</p>{furniture}{rest}</div></body></html>"
    return f"http://valley.example/{number}", markup.encode()


def thought(number: int) -> str:
    return f"<div class='musing'><p>Feeling {MOODS[number]} tonight, dear reader, as the lamps are lit again?</p></div>"


def read(number: int, furniture: str, template: Template | None) -> str:
    url, body = story(number, furniture)
    return parse(body, url=url, template=template).text


def test_a_shape_that_recurs_around_other_words_is_furniture() -> None:
    template = Template.learn([story(number, thought(number)) for number in range(6)])
    assert "dear reader" in read(6, thought(6), None)
    assert "dear reader" not in read(6, thought(6), template)
    assert "Nobody in Lintel" in read(6, thought(6), template)


def test_words_that_recur_are_furniture_and_the_reason_names_a_page() -> None:
    plea = "<p>Stories like this one are free because somebody like you once paid for them.</p>"
    template = Template.learn([story(number, plea) for number in range(3)])
    url, body = story(6, plea)
    article = parse(body, url=url, template=template)
    reasons = [item.reason for item in article.removed if item.text.startswith("Stories like")]
    assert len(reasons) == 1
    assert "http://valley.example/" in reasons[0]
    assert article.parser.endswith("+" + template.hash)


def test_one_address_taught_twice_teaches_once() -> None:
    plea = "<p>Stories like this one are free because somebody like you once paid for them.</p>"
    template = Template.learn([story(0, plea), story(0, plea)])
    assert "Stories like" in read(6, plea, template)


def test_the_order_of_the_pages_does_not_matter() -> None:
    pages = [story(number, thought(number)) for number in range(6)]
    assert Template.learn(pages).hash == Template.learn(list(reversed(pages)) + pages[:2]).hash
    assert Template.learn(pages).hash != Template.learn([]).hash


def test_paragraphs_of_the_text_are_never_learnt_by_their_shape() -> None:
    template = Template.learn([story(number, "") for number in range(6)])
    assert read(6, "", template) == read(6, "", None)


def test_a_correction_survives_a_box_that_recurs() -> None:
    def box(text: str) -> str:
        return f"<div class='musing'><p>{text}</p></div>"

    template = Template.learn([story(number, thought(number)) for number in range(6)])
    url, body = story(6, box("Correction: An earlier version of this article misstated the number of wells."))
    kinds = [block.kind.value for block in parse(body, url=url, template=template).blocks]
    assert "correction" in kinds


def test_a_sentence_worded_alike_around_other_names_and_numbers_is_furniture() -> None:
    def life(number: int) -> str:
        return (
            f"<p>{TOWNS[number]} Marsh joined this newspaper in 19{number}5, has covered {number + 4} elections since, and "
            "is the author of a book about the lamps along the quay.</p>"
        )

    pages = [essay(number, ANIMALS[number], life(number)) for number in range(6)]
    template = Template.learn(pages)
    url, body = essay(6, ANIMALS[6], life(6))
    article = parse(body, url=url, template=template)
    assert "covered 10 elections" in parse(body, url=url).text
    assert "elections" not in article.text
    assert ANIMALS[6] in article.text
    assert any(item.reason.startswith("template_wording: much the same on 6") for item in article.removed)


@pytest.mark.parametrize(
    "toll",
    [
        "At least {0} people have been killed in the valley since the dam gave way, the council says.",
        "Officials say that {0} people lost their lives when the dam above the old valley gave way.",
        "The flood in the lower valley has displaced {0} people so far, the council says on its page.",
        "Rescuers say {0} miners remain trapped below the ridge after the water came in at night.",
    ],
)
def test_a_toll_is_never_taken_for_its_words(toll: str) -> None:
    def background(number: int) -> str:
        return f"<p>{toll.format(number + 40)}</p>"

    template = Template.learn([essay(number, ANIMALS[number], background(number)) for number in range(6)])
    url, body = essay(6, ANIMALS[6], background(6))
    assert toll.format(46) in parse(body, url=url, template=template).text


def test_articles_written_to_a_form_teach_no_wording() -> None:
    assert Template.learn([story(number, "") for number in range(6)]).phrases == {}
