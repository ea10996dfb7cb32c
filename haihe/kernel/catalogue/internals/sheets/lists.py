"""The sheets of the four lists, as departments keep them: the guide gives no form for these."""

from __future__ import annotations

from haihe.edges.sheets import Field, Limits, Sheet
from haihe.kernel.catalogue.internals.sheets import choices
from haihe.kernel.catalogue.internals.sheets.catalogue import (
    IGNORED,
    ITEMS,
    RESOURCE,
    RESOURCES,
    yes,
)
from haihe.kernel.catalogue.internals.sheets.whole import WHOLE

DEPARTMENT = (
    Field(
        "provider",
        ("部门名称", "Department", "责任部门", "所属部门", "单位名称", "部门", "建设单位"),
        most_chars=120,
    ),
    Field(
        "provider_code",
        ("部门统一社会信用代码", "Department's credit code", "统一社会信用代码", "部门代码"),
        "code",
        exact_chars=18,
    ),
)


SYSTEMS = Sheet(
    "systems",
    ("系统清单", "Systems", "信息系统清单", "政务信息系统清单"),
    (
        Field(
            "code",
            ("系统编码", "System", "系统标识", "系统编号", "系统代码"),
            "code",
            is_required=True,
            most_chars=60,
        ),
        Field("title", ("系统名称", "Title in Chinese", "信息系统名称"), most_chars=120),
        Field("title_en", ("系统英文名称", "Title in English"), most_chars=200),
        *DEPARTMENT,
        Field(
            "kind",
            ("数据库类型", "Database", "数据库"),
            "choice",
            is_required=True,
            choices=choices.DATABASE,
        ),
        Field(
            "network",
            ("网络环境", "Network", "所属网络", "部署网络", "网络类型"),
            "choice",
            choices=choices.NETWORK,
        ),
        Field("cloud", ("上云情况", "Cloud", "所在云平台", "云平台", "部署位置"), most_chars=80),
        Field(
            "protection_level",
            ("等级保护级别", "Protection level", "等保级别", "安全保护等级"),
            "choice",
            choices=choices.PROTECTION,
        ),
        Field(
            "fate",
            ("系统状态", "What becomes of it", "处置方式", "整合处置意见", "使用状态"),
            "choice",
            choices=choices.FATE,
        ),
        Field(
            "merges_into",
            ("整合至系统编码", "Merges into", "整合目标系统", "整合目标"),
            "code",
            most_chars=60,
        ),
        yes(
            "is_vertical", "是否垂直系统", "Run by a higher level", "是否垂管系统", "是否为垂直系统"
        ),
        Field("tables", ("数据表数量", "Number of tables", "库表数量", "数据表数"), "integer"),
        Field("interfaces", ("接口数量", "Number of interfaces", "服务接口数量"), "integer"),
        Field("builder", ("承建单位", "Builder", "承建商", "开发单位"), most_chars=120),
        Field(
            "items",
            ("支撑业务事项", "Business items served", "支撑业务", "业务事项"),
            "many",
            most_chars=120,
        ),
    ),
    key=("code",),
    ignored=IGNORED,
)
RESPONSIBILITIES = Sheet(
    "responsibilities",
    ("责任清单", "Responsibilities", "数据责任清单"),
    (
        RESOURCE,
        *DEPARTMENT,
        Field("duty", ("部门职责", "Duty in Chinese", "职责", "职能", "职责名称"), most_chars=500),
        Field("duty_en", ("部门职责英文", "Duty in English"), most_chars=1000),
        Field(
            "item_code",
            ("业务事项编码", "Code of the business item", "事项编码", "业务编码", "事项代码"),
            "code",
            most_chars=60,
        ),
        Field(
            "item_title",
            ("业务事项名称", "Business item", "事项名称", "业务名称", "业务事项"),
            most_chars=200,
        ),
        Field("level", ("层级", "Level", "行使层级", "权力层级"), "choice", choices=choices.LEVEL),
        Field(
            "basis",
            ("法律依据", "Legal basis", "政策依据", "设定依据", "依据"),
            is_required=True,
            most_chars=1000,
        ),
        Field(
            "system", ("所属系统编码", "System", "系统编码", "来源系统编码"), "code", most_chars=60
        ),
        Field("due", ("完成时限", "Due", "编制时限", "完成日期"), "date"),
        Field(
            "status", ("编制状态", "Status", "完成情况", "状态"), "choice", choices=choices.STATUS
        ),
        Field("contact_post", ("联系岗位", "Contact post", "责任岗位", "联系处室"), most_chars=80),
    ),
    key=("resource",),
    ignored=(*IGNORED, "信息资源名称", "资源名称"),
)
NEGATIVE = Sheet(
    "negative",
    ("负面清单", "Negative list", "不予共享清单"),
    (
        RESOURCE,
        Field(
            "columns",
            ("信息项标识", "Columns", "信息项", "字段名", "不予共享信息项"),
            "many",
            is_required=True,
            most_chars=80,
        ),
        Field(
            "law", ("法律依据", "Law", "不予共享依据", "依据"), is_required=True, most_chars=1000
        ),
        Field("scope", ("适用范围", "Scope", "不予共享范围", "范围"), most_chars=500),
        Field(
            "substitute",
            ("替代方式", "Instead", "可替代方式", "替代服务"),
            "choice",
            choices=choices.SUBSTITUTE,
        ),
        Field(
            "approved_by",
            ("批准机关", "Approved by", "审批机关", "批准单位"),
            is_required=True,
            most_chars=120,
        ),
        Field("valid_until", ("有效期至", "Valid until", "有效期", "截止日期"), "date"),
        Field(
            "review_on",
            ("复核日期", "Review on", "下次复核日期", "评估日期"),
            "date",
            is_required=True,
        ),
    ),
    ignored=(*IGNORED, "信息资源名称", "资源名称"),
)
DEMANDS = Sheet(
    "demands",
    ("需求清单", "Demands", "数据需求清单"),
    (
        Field("number", ("需求编号", "Number", "清单编号"), "code", most_chars=36),
        Field(
            "provider", ("需求部门", "Asking department", "申请部门", "使用部门"), most_chars=120
        ),
        Field(
            "provider_code", ("需求部门统一社会信用代码", "Its credit code"), "code", exact_chars=18
        ),
        RESOURCE,
        Field(
            "columns",
            ("信息项标识", "Columns", "需求信息项", "信息项", "字段名"),
            "many",
            is_required=True,
            most_chars=80,
        ),
        Field(
            "purpose",
            ("用途编码", "Purpose", "用途", "使用用途"),
            "code",
            is_required=True,
            most_chars=80,
        ),
        Field(
            "basis",
            ("法律依据", "Legal basis", "需求依据", "依据"),
            is_required=True,
            most_chars=500,
        ),
        Field("scene", ("应用场景", "Scene", "使用场景", "场景"), most_chars=500),
        Field(
            "mode",
            ("共享方式", "Way of delivery", "需求方式", "获取方式"),
            "choice",
            is_required=True,
            choices=choices.MODE,
        ),
        Field("rate_per_minute", ("每分钟调用次数", "Calls a minute", "调用频次"), "integer"),
        Field("months", ("使用期限（月）", "Months", "期限月数", "使用期限"), "integer"),
    ),
    key=("number",),
    ignored=(*IGNORED, "信息资源名称", "资源名称", "需求状态", "State", "办理时限"),
)
SHEETS = (WHOLE, RESOURCES, ITEMS, SYSTEMS, RESPONSIBILITIES, NEGATIVE, DEMANDS)
LISTS = {
    "catalogue": (RESOURCES, ITEMS),
    "systems": (SYSTEMS,),
    "responsibilities": (RESPONSIBILITIES,),
    "negative": (NEGATIVE,),
    "demands": (DEMANDS,),
}
"""The sheets of each list, by the name that pages and the command use."""

LIMITS = Limits(most_rows=400_000)
"""A city's whole catalogue has 40,600 resources of some ten columns."""
