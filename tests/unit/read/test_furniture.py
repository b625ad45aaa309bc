"""Page numbers, running heads, chrome and advertising go, with their reason; text like them stays."""

from __future__ import annotations

from luoshi.model import Reading
from luoshi.read import Limits, coverage_gaps, read_with
from luoshi.read.formats.text import TextReader

LONG = "各级各部门要提高站位、主动担当，围绕年度任务，倒排工期、挂图作战，确保各项举措见效，让群众得到好处。"


def reading_of(text: str) -> Reading:
    (reading,) = read_with(TextReader(), text.encode(), "a.txt", Limits())
    assert coverage_gaps(reading) == ()
    return reading


def dropped(reading: Reading, reason: str) -> list[str]:
    return [d.quote.strip() for d in reading.dropped if d.reason == reason]


def blocks(reading: Reading) -> list[str]:
    return [b.text for b in reading.blocks]


def pages(*numbers: str) -> str:
    return "\n\n".join(f"{LONG * 6}\n\n{n}" for n in numbers) + f"\n\n{LONG}"


def test_page_numbers() -> None:
    for numbers in (
        ("1", "2", "3"),
        ("— 1 —", "— 2 —"),
        ("第 1 页 共 3 页", "第 2 页 共 3 页"),
        ("Page 1 of 2", "Page 2 of 2"),
    ):
        reading = reading_of(pages(*numbers))
        assert dropped(reading, "page number") == list(numbers)
        assert set(blocks(reading)) <= {LONG * 6, LONG}


def test_a_page_number_in_mid_sentence() -> None:
    half = len(LONG) // 2
    text = f"{LONG * 5}\n{LONG * 4}{LONG[:half]}\n \n12\n\n{LONG[half:]}\n{LONG * 5}\n"
    reading = reading_of(text)
    assert dropped(reading, "page number") == ["12"]
    assert blocks(reading) == [LONG * 5, LONG * 5, LONG * 5]


def test_a_page_number_inside_a_line() -> None:
    reading = reading_of(f"{LONG}\n要加快推进项目— 3 —建设，确保按期投产。\n{LONG}\n")
    assert dropped(reading, "page number") == ["— 3 —"]
    assert "要加快推进项目建设，确保按期投产。" in blocks(reading)


def test_numbers_that_are_data_stay() -> None:
    table = "\n".join(["县区", "任务数", "江北县", "12", "江南县", "15", "山口县", "9"])
    assert dropped(reading_of(f"{LONG}\n{table}\n{LONG}"), "page number") == []
    assert dropped(reading_of(f"{LONG * 9}\n2025\n{LONG * 9}"), "page number") == []
    assert dropped(reading_of(f"沈白——江口高速— 5 公里—通车，{LONG}"), "page number") == []


def test_running_heads() -> None:
    parts = [f"云江省政府公报　2025年第{i}期\n{LONG * 5}\n— {i} —" for i in range(1, 5)]
    reading = reading_of("\n".join(parts))
    assert len(dropped(reading, "running head")) == 4
    assert set(blocks(reading)) == {LONG * 5}


def test_repeated_headings_are_no_running_heads() -> None:
    text = "\n".join(f"主要任务\n{LONG}\n责任分工\n{LONG}" for _ in range(5))
    assert dropped(reading_of(text), "running head") == []


def test_chrome_and_metadata_at_the_edges() -> None:
    text = (
        "下载\n打印\n收藏\n【字号：\n大\n中\n小\n】\n云江省防汛工作报告\n来源：云江日报\n时间：2025-02-09\n"
        f"省长　李　四\n{LONG}\n{LONG}\n责任编辑：\n王五\n扫一扫在手机打开当前页\n相关报道：\n某地召开会议\n"
    )
    reading = reading_of(text)
    assert blocks(reading) == ["云江省防汛工作报告", "省长　李四", LONG, LONG]
    assert reading.metadata == {"publisher": "云江日报", "published": "2025-02-09"}


def test_labels_in_the_text_are_no_metadata() -> None:
    text = f"关于召开防汛会议的通知\n时间：3月5日上午9时\n{LONG}\n来源合法的资金才能使用。\n{LONG}\n"
    reading = reading_of(text)
    assert "时间：3月5日上午9时" in blocks(reading)
    assert dropped(reading, "metadata") == []


def test_advertising() -> None:
    notice = (
        "春之声\n2025年云江读书月活动正式启动\n少年说 | 读书分享\n“好书”视频展播 | 绘画大赛\n"
        "云江出版社 主办\n云江周刊\n云江客户端\n提供支持\n"
    )
    reading = reading_of(f"{LONG}\n{LONG}\n（云江社记者张三整理）\n{notice}")
    assert blocks(reading) == [LONG, LONG, "（云江社记者张三整理）"]
    assert "".join(dropped(reading, "advertising")) == notice.strip()


def test_signatures_are_no_advertising() -> None:
    end = "云江省水利厅\n云江省财政厅\n云江省应急管理厅\n云江省气象局\n云江省自然资源厅\n2025年3月1日\n"
    assert dropped(reading_of(f"{LONG}\n{end}"), "advertising") == []


def test_a_document_of_nothing_but_labels_stays() -> None:
    reading = reading_of("来源：云江日报\n时间：2025-02-09\n")
    assert blocks(reading)


def test_front_matter() -> None:
    reading = reading_of(f"---\ntitle: '防汛通知'\ndate: 2025-03-01\nauthor: 张三\nx: [1]\n---\n{LONG}\n")
    assert reading.metadata == {"title": "防汛通知", "date": "2025-03-01", "author": "张三"}
    assert blocks(reading) == [LONG]
    broken = reading_of(f"---\ntitle: a: b: [\n---\n{LONG}\n")
    assert blocks(broken) == [LONG]
    rule = reading_of(f"---\n{LONG}\n---\n{LONG}\n")
    assert blocks(rule).count(LONG) == 2


def test_breadcrumbs_and_doubled_titles() -> None:
    text = (
        "首页\n>\n政务公开\n>\n工作报告\n云江省防汛工作报告\n2025年1月在云江省防汛会议上\n"
        f"云江省防汛工作报告\n2025年1月在云江省防汛会议上\n{LONG}\n云江省防汛工作报告\n{LONG}\n"
    )
    reading = reading_of(text)
    title = ["云江省防汛工作报告", "2025年1月在云江省防汛会议上"]
    assert blocks(reading) == [*title, LONG, title[0], LONG]
    assert "".join(dropped(reading, "duplicate")) == "\n".join(title)


def test_ornaments() -> None:
    reading = reading_of(f"{LONG}\n————————\n＊　＊　＊\n{LONG}\n")
    assert blocks(reading) == [LONG, LONG]
    assert len(dropped(reading, "ornament")) == 1


def test_annexes_at_page_tops_are_no_running_heads() -> None:
    text = "\n".join(f"附件{i}\n{LONG * 6}\n— {i} —" for i in range(1, 6))
    assert dropped(reading_of(text), "running head") == []
