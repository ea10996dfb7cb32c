"""The sheets of resources and of their columns: headings as the national guide words them.

Source: guide for compiling the catalogue of government data (编制指南, 2017), its core fields.
"""

from __future__ import annotations

from haihe.base.identifiers import SCHEMES
from haihe.edges.sheets import Field, Sheet
from haihe.kernel.catalogue.internals.sheets import choices

IGNORED = ("备注", "说明", "Remarks", "发布日期", "信息资源发布日期", "Published on")
"""Remarks, and the day of publication: the platform itself gives that."""
PROVIDER = (
    Field(
        "provider",
        ("信息资源提供方", "Provider", "资源提供方", "提供方", "提供部门", "数源单位", "责任部门"),
        most_chars=120,
    ),
    Field(
        "provider_code",
        (
            "信息资源提供方代码",
            "Provider's credit code",
            "提供方代码",
            "资源提供方代码",
            "统一社会信用代码",
        ),
        "code",
        exact_chars=18,
    ),
)
RESOURCE = Field(
    "resource",
    ("信息资源标识", "Resource", "资源标识", "资源标识符", "资源编码", "资源编号", "目录编码"),
    "code",
    is_required=True,
    most_chars=80,
)


def yes(key: str, *titles: str) -> Field:
    """A field that says yes or no."""
    return Field(key, titles, "yes_no")


RESOURCES = Sheet(
    "resources",
    ("信息资源", "Resources", "信息资源目录", "目录", "资源目录"),
    (
        Field("code", RESOURCE.titles, "code", is_required=True, most_chars=80),
        Field(
            "title", ("信息资源名称", "Title in Chinese", "资源名称", "目录名称"), most_chars=120
        ),
        Field("title_en", ("英文名称", "Title in English", "信息资源英文名称"), most_chars=200),
        Field(
            "classification",
            ("信息资源分类", "Class", "资源分类", "分类代码", "信息资源分类代码"),
            "code",
            most_chars=40,
        ),
        Field(
            "national_code",
            ("信息资源代码", "Number in the catalogue", "资源代码", "目录代码"),
            "code",
            most_chars=80,
        ),
        *PROVIDER,
        Field(
            "abstract", ("信息资源摘要", "Abstract in Chinese", "资源摘要", "摘要"), most_chars=2000
        ),
        Field("abstract_en", ("英文摘要", "Abstract in English"), most_chars=4000),
        Field(
            "format",
            ("信息资源格式", "Format", "信息资源格式分类", "资源格式"),
            "choice",
            choices=choices.FORMAT,
        ),
        Field(
            "format_detail",
            ("信息资源格式类型", "Kind of file or database", "格式类型"),
            most_chars=60,
        ),
        Field(
            "sharing_class",
            ("共享类型", "Sharing class", "共享属性", "共享分类"),
            "choice",
            is_required=True,
            choices=choices.SHARING_CLASS,
        ),
        Field(
            "sharing_condition",
            ("共享条件", "Condition of sharing", "共享范围及用途"),
            most_chars=500,
        ),
        Field(
            "modes",
            ("共享方式", "Ways of delivery", "共享方式分类", "共享方式类型"),
            "many",
            choices=choices.MODE,
        ),
        Field(
            "open_class",
            ("开放类型", "Open to the public", "是否向社会开放", "开放属性"),
            "choice",
            choices=choices.OPEN_CLASS,
        ),
        Field("open_condition", ("开放条件", "Condition of opening"), most_chars=500),
        Field("cycle", ("更新周期", "Update cycle", "更新频率"), "choice", choices=choices.CYCLE),
        Field(
            "related",
            ("关联资源代码", "Related resources", "关联信息资源代码", "关联资源"),
            "many",
            most_chars=80,
        ),
        yes("is_source", "是否数源", "Source of truth", "是否为数源"),
        Field(
            "system",
            ("所属系统编码", "System", "来源系统编码", "系统编码", "来源系统"),
            "code",
            most_chars=60,
        ),
        Field(
            "source_table",
            ("源表名", "Table at the source", "数据表名", "库表名称"),
            "code",
            most_chars=200,
        ),
        Field("table", ("平台表名", "Table in the lake", "汇聚表名"), "code", most_chars=120),
    ),
    key=("code",),
    ignored=IGNORED,
)
ITEMS = Sheet(
    "items",
    ("信息项", "Columns", "信息项信息", "数据项"),
    (
        RESOURCE,
        Field(
            "name",
            (
                "信息项标识",
                "Column",
                "字段名",
                "字段名称",
                "字段英文名",
                "信息项英文名",
                "英文字段名",
            ),
            "code",
            is_required=True,
            most_chars=80,
        ),
        Field(
            "title",
            ("信息项名称", "Column in Chinese", "数据项名称", "字段中文名", "中文名称"),
            most_chars=120,
        ),
        Field("title_en", ("信息项英文名称", "Column in English"), most_chars=200),
        Field(
            "kind",
            ("数据类型", "Kind", "字段类型", "数据格式"),
            "code",
            is_required=True,
            most_chars=40,
        ),
        Field("length", ("数据长度", "Length", "字段长度", "长度"), "code", most_chars=12),
        yes("is_key", "是否主键", "Primary key", "主键"),
        yes("is_required", "是否必填", "Required", "是否非空", "必填"),
        yes("is_personal", "是否个人信息", "Personal", "个人信息"),
        yes("is_subject", "是否主体标识", "Says whom the row concerns", "主体标识"),
        Field(
            "scheme",
            ("标识方案", "Identifier", "标识类型"),
            "choice",
            choices={name: (name,) for name in SCHEMES},
        ),
        Field(
            "sharing_class",
            ("共享类型", "Sharing class", "共享属性", "共享分类"),
            "choice",
            choices=choices.SHARING_CLASS,
        ),
        Field("sharing_condition", ("共享条件", "Condition of sharing"), most_chars=500),
        Field(
            "modes", ("共享方式", "Ways of delivery", "共享方式分类"), "many", choices=choices.MODE
        ),
        Field("unit", ("计量单位", "Unit of measure", "单位"), "choice", choices=choices.UNIT),
        Field("element", ("数据元", "Datum of the city", "数据元标识"), "code", most_chars=80),
        yes("is_lead", "是否为该数据元数源", "Lead source", "一数一源", "是否数源"),
    ),
    key=("resource", "name"),
    ignored=(*IGNORED, "信息资源名称", "资源名称"),
)
