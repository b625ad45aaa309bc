"""Notes about who answers and by when: they hold no task, what they say holds for what stands before."""

from __future__ import annotations

from luoshi import structure
from luoshi.extract import Extraction, extract
from luoshi.model import CommitmentRow


def read(text: str) -> Extraction:
    return extract(structure.plain(text, id="plan", date="2027-03-01"))


def units(row: CommitmentRow) -> list[tuple[str, str]]:
    return [(u.name, u.role) for u in row.units]


def due(found: Extraction, row: CommitmentRow) -> str | None:
    return next((d.to for d in found.dates if d.id == row.deadline), None)


def test_an_item_of_one_sentence_and_a_note_is_the_task() -> None:
    found = read(
        "1.修建云江渡口栈道，年底前改造渡船不少于20艘。（市交通局牵头，市水利局配合；2027年10月底前完成）\n"
        "2.开展渡口安全检查，每季度通报一次结果。（市应急局、市公安局按职责分工负责，长期坚持）"
    )
    assert [c.evidence.quote for c in found.commitments] == [
        "修建云江渡口栈道",
        "年底前改造渡船不少于20艘",
        "开展渡口安全检查",
        "每季度通报一次结果",
    ]
    first, _, third, _ = found.commitments
    assert units(first) == [("市交通局", "lead"), ("市水利局", "support")]
    assert [due(found, c) for c in found.commitments] == ["2027-10-31", "2027-12-31", None, None]
    assert not first.ongoing
    assert third.ongoing
    assert units(third) == [("市应急局", "responsible"), ("市公安局", "responsible")]


def test_a_labelled_line_gives_bodies_and_day() -> None:
    found = read(
        "1.改造107家大企业的码头。责任单位：市工信局、市科技局；完成时限：2027年11月30日。\n"
        "2.整修江堤。牵头单位：市水利局　配合单位：市财政局　完成时限：持续推进\n"
        "3.整修水闸。\n责任单位：市水利局\n完成时限：2027年6月底"
    )
    quays, dyke, lock = found.commitments
    assert units(quays) == [("市工信局", "responsible"), ("市科技局", "responsible")]
    assert due(found, quays) == "2027-11-30"
    assert units(dyke) == [("市水利局", "lead"), ("市财政局", "support")]
    assert dyke.ongoing
    assert units(lock) == [("市水利局", "responsible")]
    assert due(found, lock) == "2027-06-30"


def test_what_a_note_says_is_no_task() -> None:
    found = read(
        "修复江堤。（市水利局牵头，市财政局、市交通局配合；2027年底前完成）疏浚河道。（市水利局；长期坚持）"
    )
    assert [c.evidence.quote for c in found.commitments] == ["修复江堤", "疏浚河道"]
    dyke, river = found.commitments
    assert due(found, dyke) == "2027-12-31"
    assert (units(river), river.ongoing) == ([("市水利局", "responsible")], True)


def test_brackets_that_explain_are_no_notes() -> None:
    found = read("1.建设云江渡口（含东岸、西岸两处），改造渡船。\n2.改造码头（市级重点项目）。巡查水库。")
    assert [c.evidence.quote for c in found.commitments] == [
        "建设云江渡口（含东岸、西岸两处）",
        "改造渡船",
        "巡查水库",
    ]


def test_a_run_in_title_with_a_number_is_a_task_and_sets_no_day_for_others() -> None:
    found = read(
        "一、修建渡口\n1.2028年底前建成渡口12处。加强日常巡查。\n2.加强管理。2028年6月底前修复江堤。\n"
        "二、整治航道\n1.加强养护。到2029年，整治航道30公里。"
    )
    assert {c.evidence.quote: due(found, c) for c in found.commitments} == {
        "2028年底前建成渡口12处": "2028-12-31",
        "加强日常巡查": None,
        "2028年6月底前修复江堤": "2028-06-30",
        "整治航道30公里": "2029-12-31",
    }


def test_a_year_that_opens_a_paragraph_of_aims_holds_to_its_end() -> None:
    found = read("一、发展目标\n到2029年，渡口养护能力增强。建成示范渡口12处，培育船厂30家。")
    assert [due(found, c) for c in found.commitments] == ["2029-12-31", "2029-12-31"]


def test_a_year_that_opens_the_paragraph_below_a_title_governs_its_clauses() -> None:
    found = read(
        "一、目标任务\n\n到2029年，渡口标准化率达到80%以上，新增泊位12个。\n\n二、其他\n\n修复江堤。"
    )
    assert [due(found, c) for c in found.commitments] == ["2029-12-31", "2029-12-31", None]


def test_the_first_named_leads_from_remark_to_end() -> None:
    found = read(
        "1.修复江堤。（市水利局、市财政局，列第一位者为牵头单位，下同）\n"
        "2.修建渡口。（市交通局、市财政局；长期坚持）\n"
        "3.整修水闸。\n牵头单位：市水利局\n配合单位：市财政局、市交通局"
    )
    assert [[r for _, r in units(c)] for c in found.commitments] == [
        ["lead", "responsible"],
        ["lead", "responsible"],
        ["lead", "support", "support"],
    ]


def test_goals_with_bodies_are_tasks_anywhere() -> None:
    found = read("1.船员培训。渡运安全培训覆盖率达到95%，新增持证船员4000人。（市交通局）")
    assert [(c.type, c.verb, c.object) for c in found.commitments][:1] == [
        ("goal", "达到", "渡运安全培训覆盖率")
    ]


def test_a_number_of_bodies_is_no_body() -> None:
    found = read("107家大企业应当改造码头。\n30所学校要开设课程。\n修复江堤。（各乡镇、3家重点船厂负责）")
    assert [[n for n, _ in units(c)] for c in found.commitments] == [[], [], ["各乡镇"]]
