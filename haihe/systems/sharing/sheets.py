"""Lists that sharing gives away as spreadsheets: their columns and titles. Data only."""

from __future__ import annotations

from haihe.edges.sheets import Field, Sheet

FLOWS = Sheet(
    "moved",
    ("按部门、按日统计", "By department and day"),
    (
        Field("day", ("日期", "Day"), "date"),
        Field("giver", ("提供部门代码", "Giving department"), "code"),
        Field("giver_name", ("提供部门", "Giving department's name")),
        Field("receiver", ("接收部门代码", "Receiving department"), "code"),
        Field("receiver_name", ("接收部门", "Receiving department's name")),
        Field("mode", ("方式", "Mode")),
        Field("count", ("行数或次数", "Rows or calls"), "integer"),
    ),
)
