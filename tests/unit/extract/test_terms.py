"""Terms of a set of documents: what they stand for, wherever it is spelled out."""

from __future__ import annotations

import pytest

from luoshi.extract.terms import collect
from luoshi.structure import plain

# texts of the set, term, members
MEMBERS = [
    (["做好采茶、制茶、售茶三篇大文章。"], "三篇大文章", ["采茶", "制茶", "售茶"]),
    (["完善种子、肥料、农机“三位一体”的服务。"], "三位一体", ["种子", "肥料", "农机"]),
    (["打造“四园”目标，即：茶的公园、药的公园、竹的公园、花的公园，这是大事。"], "四园",
     ["茶的公园", "药的公园", "竹的公园", "花的公园"]),
    (["落实“三早”（早发现、早报告、早处置）要求。"], "三早", ["早发现", "早报告", "早处置"]),
    (["实行“两保”，包括保水源、保良田。"], "两保", ["保水源", "保良田"]),
    (["要做到“三问”：一是问计于民，多走访；二是问需于企，多服务；三是问效于事，多检查。"], "三问",
     ["问计于民", "问需于企", "问效于事"]),
    (["全力打好三大治水战役。要全力打好清源战，管住上游。要全力打好截污战，管住岸线。要全力打好增绿战，多种树。"],
     "三大治水战役", ["清源战", "截污战", "增绿战"]),
    (["今年抓了3件大事。修通环湖公路，方便出行；建成县医院，方便看病；开办夜校，方便学习。"], "3件大事",
     ["修通环湖公路", "建成县医院", "开办夜校"]),
    (["以茶叶、竹木、药材为重点的“三张名片”更加响亮。"], "三张名片", ["茶叶", "竹木", "药材"]),
    (["树立“说了就办、办就办好”的“实干遵义”品牌。"], "实干遵义", ["说了就办", "办就办好"]),
    # label and list in different documents
    (["维护“三大安全”。", "饮水安全、用药安全、校园安全关系万家。"], "三大安全",
     ["饮水安全", "用药安全", "校园安全"]),
    (["坚持“两个相衔接”。", "坚持种养和加工相衔接，坚持新茶和老茶相衔接。"], "两个相衔接",
     ["种养和加工相衔接", "新茶和老茶相衔接"]),
    # a label with a leading word shares what the label stands for
    (["推动贵阳“新双核”建设。花溪副中心建设要处理好同贵安新区的关系，“双核”要协同。"], "新双核",
     ["花溪副中心", "贵安新区"]),
    # the number does not fit, or the list is not the label's
    (["加快廉租房等“三大工程”建设。"], "三大工程", []),
    (["深刻领悟“两个确立”的意义。"], "两个确立", []),
    (["做好“三篇大文章”。茶叶、竹木、药材和花卉都要发展。"], "三篇大文章", []),
    (["落实“三大工程”。", "实施筑路工程、架桥工程、引水工程。"], "三大工程", []),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "term", "members"), MEMBERS, ids=[t[1] + t[0][0][:6] for t in MEMBERS])
def test_members(texts: list[str], term: str, members: list[str]) -> None:
    documents = [plain(text, id=f"d{i}") for i, text in enumerate(texts)]
    rows = {row.term: row for row in collect(documents)}
    assert list(rows[term].members) == members


def test_heading_with_a_compound_label() -> None:
    text = (
        "1.促进“一圈两区”协调发展。推进贵阳都市圈一体化。支持黔西地区发展。支持黔东地区开放。\n"
        "2.发展旅游。支持黔南地区建设。"
    )
    rows = {row.term: row for row in collect([plain(text, id="d1")])}
    assert rows["一圈两区"].members == ("贵阳都市圈", "黔西地区", "黔东地区")
    assert rows["一圈两区"].count == 3


def test_two_senses_set_against_each_other() -> None:
    text = (
        "如果说红色“三园”是历史，那么新时代“三园”就是未来。\n"
        "建设新时代“三园”，即：茶园、竹园、药园。\n传承“三园”。"
    )
    rows = [row for row in collect([plain(text, id="d1")]) if row.term == "三园"]
    assert [(row.sense, row.members) for row in rows] == [
        ("新时代“三园”", ("茶园", "竹园", "药园")),
        ("红色“三园”", ()),
    ]


def test_each_list_is_a_sense_where_all_uses_have_one() -> None:
    text = "坚持修路和架桥两手抓。\n坚持种茶和卖茶两手抓。"
    rows = [row for row in collect([plain(text, id="d1")]) if row.term == "两手抓"]
    assert [row.members for row in rows] == [("修路", "架桥"), ("种茶", "卖茶")]


def test_evidence_is_the_definition() -> None:
    first, second = (
        plain("推进“三早”。", id="d1"),
        plain("落实“三早”（早发现、早报告、早处置）要求。", id="d2"),
    )
    (row,) = collect([first, second])
    assert row.evidence.document == "d2"
    assert second.text[row.evidence.start : row.evidence.end] == row.evidence.quote
    assert [use.document for use in row.uses] == ["d1", "d2"]
    assert row.count == 3


def test_nothing_of_nothing() -> None:
    assert collect([]) == ()
    assert collect([plain("今天下雨。", id="d1")]) == ()


def test_abbreviation_with_its_full_form() -> None:
    text = "实施《茶产业促进条例》（以下简称《条例》），加入区域茶叶贸易协定（RTTA）。"
    rows = {row.term: row.sense for row in collect([plain(text, id="d1")])}
    assert rows == {"《条例》": "《茶产业促进条例》", "RTTA": "区域茶叶贸易协定"}
