"""Pages in scripts without spaces between words: what a sentence, a headline, a date and a closing credit is there."""

from datetime import UTC, datetime

import pytest

from crawler.parser import parse
from crawler.parser.wording import furniture_reason
from crawler.parser.words import is_dense, number_of_words, words_in
from diffs.model import Article

TITLE = "青山镇渡轮与货船相撞"
TEXT = [
    "青山镇港务局周二说，一艘载有四十名乘客的渡轮当天早上在港口外与一艘货船相撞。",
    "货船船员最先发出求救信号，三艘救援船在十分钟内赶到现场，把乘客全部接上岸。",
    "渡轮公司表示，船体左侧出现裂口，修理至少需要两个星期，其间航线由另一艘船代替。",
    "港务局已经着手调查事故原因，并要求两家公司交出航行记录和当天的通话录音。",
]


def read(
    lines: list[str], *, top: str = f"<h1>{TITLE}</h1>", title: str = f"{TITLE}_青山晚报", make: str = "p"
) -> Article:
    body = "".join(f"<{make}>{line}</{make}>" for line in lines)
    page = (
        f"<html lang='zh'><head><title>{title}</title></head><body><ul><li><a href='/a'>首页</a></li><li><a href='/b'>要闻</a></li></ul>"
        f"<div class='main'>{top}<div class='article'>{body}</div></div><p>青山晚报社</p></body></html>"
    )
    return parse(page.encode(), url="https://wanbao.example/news/ferry")


def texts(article: Article) -> list[str]:
    return [block.text for block in article.blocks]


def test_each_sign_is_a_word_and_two_signs_make_one() -> None:
    assert words_in("5G 渡轮") == ["5g", "渡", "轮"]
    assert words_in("Ferry sinks") == ["ferry", "sinks"]
    assert number_of_words("渡轮沉没") == 2
    assert number_of_words("the ferry sank") == 3
    assert is_dense("7名乘客受伤。")
    assert not is_dense("승객 7명이 다쳤다고 밝혔다.")


@pytest.mark.parametrize(
    "first",
    [
        "7名乘客受轻伤，港务局周二说，他们当天下午就已全部离开青山镇医院。",
        "“船身突然向左倾斜，杯子都掉在地上”，一名坐在前排的乘客回忆说。",
        "AIS记录显示，货船在相撞之前三分钟曾经改变航向，原因目前还不清楚。",
    ],
)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_sentence_that_opens_with_a_figure_a_quotation_or_a_name_is_text(first: str, place: int) -> None:
    lines = [*TEXT[:place], first, *TEXT[place:]]
    assert texts(read(lines)) == lines


def test_a_last_sentence_with_its_writer_in_brackets_is_text() -> None:
    lines = [*TEXT, "这条航线每天运送约两千人，是岛上居民去市区上班的唯一途径。（林海）"]
    assert texts(read(lines, make="div")) == lines


def test_a_line_that_stands_wholly_in_brackets_is_no_sentence() -> None:
    lines = [*TEXT, "（本文来自青山晚报，更多消息请下载“青山晚报”客户端）"]
    assert texts(read(lines, make="div")) == TEXT


@pytest.mark.parametrize("top", [f"<div class='tt'>{TITLE}</div>", f"<p>{TITLE}</p>", f"<h1>{TITLE}</h1>"])
@pytest.mark.parametrize("joint", ["_", "-", " - ", "|"])
def test_the_line_that_says_what_the_window_does_is_the_headline(top: str, joint: str) -> None:
    assert read(TEXT, top=top, title=f"{TITLE}{joint}青山晚报").headline == TITLE


def test_a_bold_line_that_gives_a_date_is_no_headline() -> None:
    article = read(
        TEXT,
        top="<div><b>发布时间：2019-05-18 来源：青山镇渡轮协会通讯员</b></div>",
        title="新闻动态--青山协会",
    )
    assert article.headline is None
    assert article.published == datetime(2019, 5, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "本文来源：青山晚报 责任编辑：林海_N12",
        "责任编辑：张山",
        "【编辑：李河】",
        "青山晚报记者 林海",
        "编辑 林海 校对 张山",
        "来源：网络",
        "图片均来自网络",
        "采写：晚报记者 林海 张山",
        "김민수 기자 minsu@sibo.example",
        "特别声明：以上内容为用户上传并发布，本平台仅提供信息存储服务。",
        "- THE END -",
    ],
)
def test_who_made_a_text_is_cut_behind_it(line: str) -> None:
    assert texts(read([*TEXT, line])) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "记者：那么渡轮什么时候才能重新开航？",
        "声明：渡轮公司对所有受伤的乘客表示歉意，并愿意承担医药费。",
        "编辑部昨天收到三封读者来信，都说那天早上海面上没有雾。",
        "记者在码头看到，工人们正在用防水布盖住船身左侧的裂口。",
    ],
)
def test_a_question_a_statement_and_a_report_are_no_credits(line: str) -> None:
    assert texts(read([*TEXT, line])) == [*TEXT, line]


def test_a_sentence_on_permission_is_no_note_on_rights() -> None:
    line = "这也意味着，只要航行数据未经船主授权，都存在法律风险。"
    assert furniture_reason(line) is None
    assert furniture_reason("青山晚报原创文章，未经允许不得转载") == "copyright"
    assert texts(read([*TEXT[:2], line, *TEXT[2:]])) == [*TEXT[:2], line, *TEXT[2:]]


@pytest.mark.parametrize("line", ["图片来源：青山港务局", "（原标题：青山镇一渡轮撞上货船，全部乘客获救）"])
def test_the_source_of_a_picture_and_a_former_headline_are_no_text(line: str) -> None:
    assert texts(read([line, *TEXT])) == TEXT
    assert texts(read([*TEXT[:2], line, *TEXT[2:]])) == TEXT


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("2019-04-02 10:05:09 字号：A- A A+ 来源：青山晚报", datetime(2019, 4, 2, 10, 5, 9, tzinfo=UTC)),
        (
            "2019年04月02日 10:05 出处：青山晚报 作者：林海 编辑：张山 人气：5380次 收藏本文 我有话说 分享到海风网和青山论坛 字号大中小 打印本页 关闭窗口 评论(18)",
            datetime(2019, 4, 2, 10, 5, tzinfo=UTC),
        ),
        ("发布日期：2019-04-02 责任编辑：张山", datetime(2019, 4, 2, tzinfo=UTC)),
    ],
)
def test_a_date_with_a_source_behind_it_is_the_day_of_publication(line: str, at: datetime) -> None:
    top = f"<h1>{TITLE}</h1><div>港口</div><div>22</div><div>分享到</div><div>{line}</div>"
    assert read(TEXT, top=top).published == at


def test_a_date_of_a_change_or_in_a_sentence_is_none() -> None:
    assert read(TEXT, top=f"<h1>{TITLE}</h1><div>最后更新: 2019-04-02 10:05</div>").published is None
    said = "2019年4月2日 10:05，渡轮离开码头，船上有四十名乘客和六名船员，海面平静。"
    assert read([said, *TEXT]).published is None


def test_a_sentence_typed_over_several_lines_is_text_from_its_first() -> None:
    lines = ["下周一，", "青山镇渡轮码头的整修就将进入第二阶段，", "也是对岛上居民影响最大的一段。", *TEXT]
    assert texts(read(lines)) == lines
    assert texts(read(["青山镇 林海", *TEXT])) == TEXT


def test_a_note_in_brackets_without_a_sentence_is_none() -> None:
    lines = [*TEXT, "责编：Lin Hai", "(综合整理自青山晚报、海风网、渡轮之家等)"]
    assert "责编：Lin Hai" not in texts(read(lines))


def test_a_dateline_next_to_a_picture_is_no_caption() -> None:
    line = "时间：2019-09-18 06:23 来源：青山晚报"
    top = f"<h1>{TITLE}</h1><div class='pic'><img src='a.jpg'><div>{line}</div></div>"
    article = read(TEXT, top=top)
    assert line not in texts(article)
    caption = "2019年9月18日，渡轮停在青山镇码头，工人用防水布盖住裂口。"
    top = f"<h1>{TITLE}</h1><figure><img src='a.jpg'><figcaption>{caption}</figcaption></figure>"
    assert caption in texts(read(TEXT, top=top))


@pytest.mark.parametrize("title", ["为你推荐", "猜你喜欢", "推荐阅读"])
def test_stories_under_the_name_of_a_list_are_no_text(title: str) -> None:
    items = "".join(
        f"<dl><dt><a href='/{n}'>青山镇第{n}条渡轮航线下月开通</a></dt><dd>渡轮公司周一宣布，第{n}条航线的船票已经开始出售。</dd></dl>"
        for n in (3, 4, 5)
    )
    article = read(TEXT, top=f"<h1>{TITLE}</h1>")
    page = f"<h1>{TITLE}</h1><div class='article'>{''.join(f'<p>{line}</p>' for line in TEXT)}</div><div><h2>{title}</h2><div>{items}</div></div>"
    assert texts(read([], top=page)) == texts(article)
