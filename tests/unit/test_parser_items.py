"""A text that is a list of items keeps its linked titles and its facts."""

from crawler.parser import parse
from diffs.model import Article, BlockKind

ITEMS = (
    (
        "Tarn Shipping takes over Quay Lines",
        "Tarn Shipping has agreed to buy Quay Lines for 40 million crowns in cash and shares.",
    ),
    (
        "Ropeworks at Vell sold to its workers",
        "The ropeworks at Vell now belong to the 60 people who work there, the notary said.",
    ),
    (
        "Lamp maker Orlen bought by Hesk",
        "Hesk will run the lamp maker under its old name, and nobody is to lose a job this year.",
    ),
)
STORY = "The mill on the lower river stands still since Sunday, and nobody can say when it will turn again."
FILLER = tuple(
    f"The board heard report {n} on the state of the weirs and put the matter off until June."
    for n in range(9)
)


def read(*parts: str) -> Article:
    markup = (
        f"<html><body><h1>Three sales in the valley this week</h1><div>{''.join(parts)}</div></body></html>"
    )
    return parse(markup.encode(), url="http://valley.example/sales")


def test_the_linked_titles_of_a_round_up_are_its_subheadings() -> None:
    intro = "<p>Three firms of the valley changed hands this week, the chamber of trade said on Friday.</p>"
    article = read(
        intro, *(f"<p><a href='/{n}'>{title}</a></p><p>{text}</p>" for n, (title, text) in enumerate(ITEMS))
    )
    assert [block.text for block in article.blocks if block.kind is BlockKind.SUBHEADING] == [
        title for title, _ in ITEMS
    ]


def test_links_to_other_stories_between_paragraphs_stay_furniture() -> None:
    linked = [f"<p><a href='/{n}'>{title}</a></p>" for n, (title, _) in enumerate(ITEMS)]
    text = [f"<p>{line}</p>" for line in (STORY, *FILLER)]
    article = read(*text[:3], linked[0], *text[3:6], linked[1], *text[6:8], linked[2], *text[8:])
    assert all(title not in article.text for title, _ in ITEMS)


def test_a_fact_under_a_label_that_recurs_is_text() -> None:
    items = [
        f"<h2>{title}</h2><p>{text}</p><p>Adviser: <a href='/{n}'>Bank {n}</a></p>"
        for n, (title, text) in enumerate(ITEMS)
    ]
    article = read(f"<p>{STORY}</p>", *items)
    assert [block.text for block in article.blocks if block.text.startswith("Adviser")] == [
        f"Adviser: Bank {n}" for n in range(3)
    ]


def test_a_label_that_names_other_stories_is_none() -> None:
    items = [f"<p>{text}</p><p>Related: <a href='/{n}'>Bank {n}</a></p>" for n, (_, text) in enumerate(ITEMS)]
    assert "Bank" not in read(f"<p>{STORY}</p>", *items).text


def test_a_table_of_contents_does_not_take_the_paragraph_next_to_it() -> None:
    contents = "".join(f"<li><a href='#i{n}'>{title}</a></li>" for n, (title, _) in enumerate(ITEMS))
    lead = "<p>Buyers and sellers want a clear view of the firms of this valley, since size and age shape what they pay.</p>"
    items = "".join(f"<h2 id=i{n}>{title}</h2><p>{text}</p>" for n, (title, text) in enumerate(ITEMS))
    article = read(f"<div><div><ol>{contents}</ol></div>{lead}</div><div>{items}</div>")
    assert article.text.startswith("Buyers and sellers")


def test_a_row_of_its_own_that_is_one_link_is_no_text() -> None:
    rows = f"<div>{STORY}<br><a href='http://other.example/b'>Read this story in Norwegian</a><br>Watch: <a href='/v'>Mill stands still in the snow</a></div>"
    article = read(rows)
    assert article.text == STORY


def test_the_page_a_quotation_was_taken_from_is_no_part_of_it() -> None:
    quote = f"<p>{STORY}</p><blockquote>{FILLER[0]} {FILLER[1]} <span><a href='http://post.example/1'>The Valley Post</a></span></blockquote><p>{FILLER[2]}</p>"
    assert "Valley Post" not in read(quote).text
