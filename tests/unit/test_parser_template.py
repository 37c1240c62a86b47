"""What a site's other articles teach."""

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
