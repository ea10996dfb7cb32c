"""The words that cells of the lists may hold: each code with the spellings departments write."""

from __future__ import annotations

SHARING_CLASS = {
    "unconditional": ("无条件共享", "unconditional", "无条件", "无条件共享类"),
    "conditional": ("有条件共享", "conditional", "有条件", "有条件共享类"),
    "withheld": ("不予共享", "withheld", "不予共享类", "不共享"),
}
OPEN_CLASS = {
    "closed": ("不予开放", "closed", "不开放", "否"),
    "conditional": ("有条件开放", "conditional", "有条件", "依申请开放"),
    "unconditional": ("无条件开放", "unconditional", "无条件", "主动开放", "是"),
}
CYCLE = {
    "realtime": ("实时", "realtime", "real time"),
    "daily": ("每日", "daily", "日", "每天", "按日"),
    "weekly": ("每周", "weekly", "周", "按周"),
    "monthly": ("每月", "monthly", "月", "按月"),
    "quarterly": ("每季度", "quarterly", "季度", "季", "每季", "按季度"),
    "half_yearly": ("每半年", "half-yearly", "半年"),
    "yearly": ("每年", "yearly", "年", "年度", "按年"),
    "irregular": ("不定期", "irregular", "不定时", "按需", "其他"),
}
FORMAT = {
    "database": ("数据库", "database", "数据库类"),
    "file": ("电子文件", "file", "文件", "文档"),
    "spreadsheet": ("电子表格", "spreadsheet", "表格"),
    "picture": ("图形图像", "picture", "图像", "图片"),
    "stream": ("流媒体", "stream", "音视频", "视频"),
    "other": ("其他", "other", "自描述格式"),
}
MODE = {
    "table": ("库表", "table", "库表交换", "数据库", "库表对接"),
    "file": ("文件", "file", "文件交换", "文件下载"),
    "interface": ("接口", "interface", "服务接口", "接口调用", "API"),
}
DATABASE = {
    "postgresql": ("PostgreSQL",),
    "mariadb": ("MariaDB", "MySQL"),
    "files": ("文件", "files", "电子文件"),
    "other": ("其他", "other", "Oracle", "SQL Server", "达梦", "人大金仓", "MongoDB"),
}
NETWORK = {
    "extranet": ("政务外网", "government extranet", "电子政务外网", "外网"),
    "intranet": ("政务内网", "government intranet", "电子政务内网", "内网"),
    "internet": ("互联网", "internet", "公网"),
    "dedicated": ("专线", "dedicated line", "业务专网", "专网"),
}
FATE = {
    "keep": ("保留", "keep", "继续使用"),
    "merge": ("整合", "merge", "合并"),
    "close": ("关停", "close", "停用", "下线"),
}
LEVEL = {
    "national": ("国家级", "national", "国家"),
    "provincial": ("省级", "provincial", "省"),
    "municipal": ("市级", "municipal", "市"),
    "district": ("区级", "district", "区", "区县级", "县级"),
    "street": ("街道（乡镇）级", "street", "街道", "乡镇", "街镇级"),
}
STATUS = {
    "planned": ("待编制", "planned", "未开始"),
    "working": ("编制中", "under way", "进行中"),
    "done": ("已完成", "done", "完成", "已编制"),
}
PROTECTION = {
    str(number): (f"{word}级", f"level {number}", f"第{word}级", f"等保{word}级", f"{number}级")
    for number, word in enumerate("一二三四五", start=1)
}
SUBSTITUTE = {
    "proof": ("核验", "proof", "核验结果", "是否核验"),
    "aggregate": ("汇总统计", "aggregate", "统计数据", "汇总"),
    "masked": ("脱敏", "masked", "脱敏数据"),
}
UNIT = {"fen": ("分", "fen")}

NUMBERS = ("数值型", "数字型", "数值", "n", "number", "numeric", "decimal")
"""Words for numbers whose digits say whether they are whole."""
KINDS = {
    "text": (
        "字符型",
        "text",
        "字符串型",
        "字符串",
        "字符",
        "文本",
        "文本型",
        "c",
        "varchar",
        "char",
    ),
    "integer": ("整数型", "integer", "整型", "整数", "int", "bigint"),
    "float": ("浮点型", "float", "双精度型", "浮点数", "double"),
    "boolean": ("逻辑型", "boolean", "布尔型", "布尔", "l", "bool"),
    "date": ("日期型", "date", "日期", "d"),
    "timestamp": ("日期时间型", "timestamp", "日期时间", "时间戳", "时间型", "t", "datetime"),
}
