"""What a change of wording amounts to: tables that an official could extend."""

from __future__ import annotations

import pytest

from luoshi.align.change import Setting, change_of
from luoshi.align.force import stand
from luoshi.align.quantities import quantities

SAME_PLACE = [
    # numbers of one indicator
    ("建设高标准池塘10万亩", "建设高标准池塘8万亩", "lower-target"),
    ("增速达到5%以上", "增速达到6.5%以上", "higher-target"),
    ("培育企业2000家", "培育企业0.2万家", None),
    ("养殖尾水达标率达到九成", "养殖尾水达标率达到85%", "lower-target"),
    ("养殖尾水达标率达到百分之九十", "养殖尾水达标率达到85%", "lower-target"),
    # numbers of different indicators
    ("渔业产值年均增长7%", "渔民人均收入年均增长7.5%", None),
    ("鱼苗自给率达到60%", "船舶更新率达到50%", None),
    ("建设码头12个", "建设保种基地3个", None),
    ("冷库容量增长8%", "冷库容量达到8.5%", None),
    # the less the firmer
    ("办证时限压缩至10个工作日以内", "办证时限压缩至7个工作日以内", "higher-target"),
    ("办理时间不超过十个工作日", "办理时间不超过十五个工作日", "lower-target"),
    ("尾水超标率控制在3%以内", "尾水超标率控制在4%以内", "lower-target"),
    ("公示时间不少于15日", "公示时间不少于7日", "lower-target"),
    # a number and the year that it is for
    ("到2030年水质优良率达到90%", "到2030年水质优良率达到85%", "lower-target"),
    ("到2030年水质优良率达到90%", "到2028年水质优良率达到85%", None),
    ("到2030年水质优良率达到90%", "到2028年水质优良率达到92%", "higher-target"),
    # strength
    ("加快改造老旧船舶", "推动改造老旧船舶", "softer"),
    ("鼓励建设保种基地", "支持建设保种基地", "firmer"),
    ("推动建设环湖码头", "必须建设环湖码头", "firmer"),
    ("探索建立休渔补偿制度", "建立休渔补偿制度", "firmer"),
    ("探索建设湖上消防站", "建设白沙湖上消防站", "firmer"),
    ("坚决整治非法采砂", "整治非法采砂", "softer"),
    ("加快清理沉船", "完成清理沉船40艘", None),
    ("建设湖上消防站", "推进湖上消防站建设", None),
    ("提升环湖绿道品质", "推进环湖绿道东段建设", None),
    ("打造一批国家级渔港", "支持青石县创建国家级渔港", None),
    ("不得在禁渔区内设置网箱", "禁渔区内严禁设置网箱", None),
    ("渔政部门应当公开收费目录", "公开收费目录", None),
    ("实施保种行动", "落实保种行动", None),
    ("提升渔民素质", "办好水产学校", None),
    ("鼓励渔民入社", "鼓励和支持渔民入社", None),
    # deadlines
    ("到2030年建成码头", "到2028年建成码头", "firmer"),
    ("2026年6月底前完成退塘", "2026年底前完成退塘", "softer"),
    ("2026年底前完成退塘", "2026年12月31日前完成退塘", None),
    # extent
    ("发展捕捞、养殖、加工", "发展捕捞、养殖", "narrowed"),
    ("发展捕捞、养殖", "发展捕捞、养殖、加工", "widened"),
    ("保护古码头和古渔村", "保护古码头", "narrowed"),
    ("发展捕捞、养殖", "发展捕捞、旅游", None),
    ("渔政部门、海事部门应当加强巡航", "加强巡航", None),
    ("扩大湿地修复范围", "扩大湿地修复范围", None),
]


@pytest.mark.parametrize(("upper", "lower", "expected"), SAME_PLACE)
def test_change(upper: str, lower: str, expected: str | None) -> None:
    assert change_of(upper, lower) == expected


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        # a share of what the level above has to reach
        ("全省新增净水池塘50万亩", "全市新增净水池塘6万亩", None),
        ("用三年时间完成216座病险闸坝除险加固", "用三年时间完成23座病险闸坝除险加固", None),
        ("新建渔村公路480公里", "新建渔村公路96公里", None),
        ("设立规模20亿元的渔业基金", "设立规模2亿元的渔业基金", None),
        ("建设保种基地2个、苗种站60座", "建设青石保种基地1个", None),
        # what holds at every level
        ("加工转化率达到70%以上，新增池塘50万亩", "加工转化率达到68%以上，新增池塘6万亩", "lower-target"),
        ("对返乡渔民给予最高20万元贷款贴息", "对返乡渔民给予最高15万元贷款贴息", "lower-target"),
        ("每个乡镇至少建成2个晒网场", "每个乡镇至少建成1个晒网场", "lower-target"),
        ("审批时限压缩至30个工作日", "审批时限压缩至25个工作日", "higher-target"),
        ("人均水面达到3亩", "人均水面达到2亩", "lower-target"),
    ],
)
def test_a_share_is_no_lower_target(upper: str, lower: str, expected: str | None) -> None:
    assert change_of(upper, lower, amounts=False) == expected


def test_members_elsewhere_are_not_lost() -> None:
    upper, lower = "修缮古码头、古渔村、灯塔", "修缮古码头、古渔村"
    assert change_of(upper, lower) == "narrowed"
    assert change_of(upper, lower, below=Setting(block="修缮古码头、古渔村。重建灯塔。")) is None
    assert change_of(upper, lower, below=Setting(row=True)) is None


def test_the_year_may_stand_before_the_wording() -> None:
    upper, lower = "水质优良率达到90%", "水质优良率达到85%"
    before = Setting(before="到2030年，"), Setting(before="到2028年，")
    assert change_of(upper, lower) == "lower-target"
    assert change_of(upper, lower, above=before[0], below=before[1]) is None
    assert change_of("完成退塘", "完成退塘", above=before[0], below=before[1]) == "firmer"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新增池塘50万亩", "500000 亩 amount"),
        ("规模20亿元", "2000000000 元 amount"),
        ("达到75%以上", "75 % rate"),
        ("最高20万元", "200000 元 rate"),
        ("2027年建成12个", "12 个 amount"),
        ("2026年6月底前建成", ""),
        ("三级医院", ""),
        ("十个工作日内办结", "10 工作日 limit"),
        ("“一站式”服务", ""),
        ("亩均产值2万元", "20000 元 rate"),
    ],
)
def test_quantities(text: str, expected: str) -> None:
    assert " ".join(f"{q.value:.0f} {q.unit} {q.kind}" for q in quantities(text)) == expected


@pytest.mark.parametrize(
    ("clause", "level", "core"),
    [
        ("加快建设环湖码头", 4, "环湖码头"),
        ("2026年底前建成环湖码头", 3, "环湖码头"),
        ("省水利厅应当探索建立补偿制度", 1, "补偿制度"),
        ("推动渔港改造", 2.5, "渔港改造"),
        ("严禁采砂", 5, "采砂"),
        ("大力支持渔民合作社", 2, "渔民合作社"),
        ("渔民代表发言", 0, "渔民代表发言"),
        ("", 0, ""),
    ],
)
def test_stand(clause: str, level: float, core: str) -> None:
    found = stand(clause)
    assert (found.level, found.core) == (level, core)
