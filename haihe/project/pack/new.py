"""Writes a third pack: the least that passes the check, for a city to grow."""

from __future__ import annotations

import re
from pathlib import Path

from haihe.base.errors import BadInput

FILES = {
    "city.toml": """\
code = "{code}"
name = {{ en = "{name}", zh = "{name}" }}
languages = ["zh-hans", "en"]
time_zone = "Asia/Shanghai"
systems = ["portal", "desk", "sharing"]
person_scheme = "cn.person"
enterprise_scheme = "cn.credit_code"

[[levels]]
name = {{ en = "District", zh = "区" }}
code_pattern = "{code}D[0-9]{{2}}"
""",
    "divisions.csv": """\
code,parent,level,name_zh,name_en
{code},,0,{name},{name}
{code}D01,{code},1,第一区,First District
""",
    "departments.csv": """\
code,kind,name_zh,name_en,division,credit_code
bureau,department,{name}数据局,{name} Data Office,{code},
""",
    "boundaries.geojson": """\
{{"type": "FeatureCollection",
 "haihe": {{"datum": "WGS-84", "source": "Drawn by hand", "is_schematic": true,
           "valid_from": "2026-01-01"}},
 "features": [
  {{"type": "Feature", "properties": {{"code": "{code}D01"}}, "geometry": {{"type": "Polygon",
   "coordinates": [[[150.0, 30.0], [150.1, 30.0], [150.1, 30.1], [150.0, 30.1], [150.0, 30.0]]]}}}}
 ]}}
""",
    "calendar.csv": """\
date,worked,name,source
2026-01-01,no,New Year,Write the notice here
""",
    "purposes.yaml": """\
# What data may be used for, and by which law: code, title, basis.
purposes: []
""",
    "systems.yaml": """\
# The list of systems: code, department, kind, title.
systems: []
""",
    "negative.yaml": """\
# The negative list: columns (resource/column), law, approved_by, review_on.
negative: []
""",
    "posts.yaml": """\
# Posts and their permissions. The three administrators are kept apart.
posts:
  - code: system
    department: bureau
    title: {{zh: 系统管理员, en: System administrator}}
    permissions: [org.department.make, org.post.make, org.account.make, org.officer.join,
                  org.officer.leave, org.officer.read, org.system.appoint]
  - code: security
    department: bureau
    title: {{zh: 安全管理员, en: Security administrator}}
    permissions: [org.permission.give, org.account.lock, org.account.unlock, org.account.reset,
                  org.officer.read]
  - code: audit
    department: bureau
    title: {{zh: 审计管理员, en: Audit administrator}}
    permissions: [org.audit.appoint, org.audit.read, org.officer.read]
""",
    "texts/names.yaml": """\
portal.name: {{zh: {name}通, en: My {name}}}
desk.name: {{zh: {name}治理, en: {name} Desk}}
""",
    "connectors.py": '''\
"""Adapters to what lies outside this city, one declared class each."""
''',
    "README.md": """\
# {name}

Where each file's rows come from:

| file | source |
| --- | --- |
| divisions.csv | |
| departments.csv | |
| boundaries.geojson | |
| calendar.csv | |

Check it: `haihe city check {folder}`
""",
}


class FolderThere(BadInput):
    """The new pack's folder holds something already."""

    code = "city.folder_there"
    hint = "Name a folder that is not there yet."


def write_pack(folder: Path, *, name: str, code: str) -> None:
    """Write a new pack into a folder that is empty or not there; it passes `haihe city check`.

    Errors: ``city.folder_there``, ``haihe.bad_input`` for a name or code that can't be used.
    """
    if not re.fullmatch(r"[^\W\d_][\w .'-]{0,60}", name) or not re.fullmatch(r"[A-Z]{2,8}", code):
        raise BadInput(
            "A city has a name of letters and a code of 2 to 8 capitals.",
            hint="For example: --name Lakeside --code LS.",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderThere(f"{folder} is not empty.")
    (folder / "texts").mkdir(parents=True)
    (folder / "catalogue").mkdir()
    for file, text in FILES.items():
        filled = text.format(name=name, code=code, folder=folder)
        (folder / file).write_text(filled, encoding="utf-8")
