"""Rules for departments, posts and the demo's people."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields

from haihe.base import identifiers
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue.declare import Limits, Procedure
from haihe.kernel.org.declare import administrator_of
from haihe.project.pack.check_places import CITY, check_words
from haihe.project.pack.declared import permissions
from haihe.project.pack.read import Check, Department, Pack

DEPARTMENTS = "departments.csv"
POSTS = "posts.yaml"
MOST_DAYS = 250
"""A year of working days: no limit of a procedure is longer."""
KINDS = ("department", "district", "institution")
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


def check_departments(pack: Pack) -> None:
    """Codes stand once, kinds are known, divisions exist, credit codes have their check digit."""
    divisions = {each.code for each in pack.divisions}
    seen: set[str] = set()
    names: set[str] = set()
    for each in pack.departments:
        where = f"line {each.line}"
        if each.code in seen:
            pack.faults.add(DEPARTMENTS, where, f"the code {each.code} stands twice.")
        seen.add(each.code)
        for name in each.name.values():
            if name in names:
                pack.faults.add(DEPARTMENTS, where, f"the name {name} stands twice.")
            names.add(name)
        if not _CODE.fullmatch(each.code):
            pack.faults.add(DEPARTMENTS, where, "a code is small letters, digits and _.")
        if each.kind not in KINDS:
            pack.faults.add(DEPARTMENTS, where, f"the kind is one of {', '.join(KINDS)}.")
        if each.division and each.division not in divisions:
            pack.faults.add(DEPARTMENTS, where, f"there is no division {each.division}.")
        check_words(pack, DEPARTMENTS, f"{where}, name", each.name)
        _check_credit_code(pack, each)


def _check_credit_code(pack: Pack, each: Department) -> None:
    if not each.credit_code:
        return
    scheme = str(pack.city.get("enterprise_scheme", ""))
    with pack.faults.of(DEPARTMENTS, f"line {each.line}, credit_code", HaiheError):
        if not identifiers.is_valid(each.credit_code, scheme_name=scheme):
            where = f"line {each.line}, credit_code"
            pack.faults.add(DEPARTMENTS, where, "wrong check digit; leave it empty if unknown.")


def check_procedure(pack: Pack) -> None:
    """The authority is one of the departments; limits are known, and whole working days."""
    demands, days = pack.city.get("demands", {}), pack.city.get("demand_days", {})
    if not isinstance(demands, dict) or not isinstance(days, dict):
        pack.faults.add(CITY, "demands", "demands and demand_days are tables.")
        return
    for name in sorted(demands.keys() - {each.name for each in fields(Procedure)}):
        pack.faults.add(CITY, f"demands.{name}", "authority and formal_check can be set.")
    authority = demands.get("authority", "")
    if authority and authority not in {each.code for each in pack.departments}:
        pack.faults.add(CITY, "demands.authority", f"there is no department {authority}.")
    if demands.get("formal_check", False) not in {True, False}:
        pack.faults.add(CITY, "demands.formal_check", "is true or false.")
    known = [each.name for each in fields(Limits)]
    for name, value in days.items():
        if name not in known:
            pack.faults.add(CITY, f"demand_days.{name}", f"known: {', '.join(known)}.")
        elif type(value) is not int or not 1 <= value <= MOST_DAYS:
            pack.faults.add(CITY, f"demand_days.{name}", f"is 1 to {MOST_DAYS} working days.")


def check_posts(pack: Pack) -> None:
    """Posts name departments and permissions that exist, and each of the administrators is one."""
    departments = {each.code for each in pack.departments}
    systems = pack.city.get("systems")
    own = [str(name) for name in systems if "." in str(name)] if isinstance(systems, list) else []
    known = permissions(*own)
    seen: set[str] = set()
    administrators: set[str] = set()
    for each in pack.posts:
        if each.code in seen:
            pack.faults.add(POSTS, each.code, "this code stands twice.")
        seen.add(each.code)
        if each.department not in departments:
            pack.faults.add(POSTS, each.code, f"there is no department {each.department}.")
        for name in set(each.permissions) - set(known):
            pack.faults.add(POSTS, each.code, f"there is no permission {name}.")
        check_words(pack, POSTS, f"{each.code}, title", each.title)
        kinds = {administrator_of(known[n]) for n in each.permissions if n in known} - {""}
        if len(kinds) > 1:
            pack.faults.add(POSTS, each.code, f"joins administrators: {', '.join(sorted(kinds))}.")
        administrators |= kinds
    for kind in ("system", "security", "audit"):
        if kind not in administrators:
            pack.faults.add(POSTS, "", f"no post is the {kind} administrator's.")


def check_demo_people(pack: Pack) -> None:
    """Demo officers hold posts that exist, in one department; citizens stand in seeded tables."""
    if pack.demo is None:
        return
    posts = {each.code: each.department for each in pack.posts}
    seeded = {each.seed for _, each in pack.resources if each.seed}
    names = Counter(each.username for each in (*pack.demo.officers, *pack.demo.citizens))
    for name in (name for name, count in names.items() if count > 1):
        pack.faults.add("demo.yaml", name, "this user name stands twice.")
    for officer in pack.demo.officers:
        for post in set(officer.posts) - set(posts):
            pack.faults.add("demo.yaml", officer.username, f"there is no post {post}.")
        if len({posts[post] for post in officer.posts if post in posts}) > 1:
            pack.faults.add("demo.yaml", officer.username, "holds posts of two departments.")
    for citizen in pack.demo.citizens:
        for table in set(citizen.stands_in) - seeded:
            pack.faults.add("demo.yaml", citizen.username, f"no resource is seeded by {table}.")


ORG_RULES: tuple[Check, ...] = (check_procedure, check_departments, check_posts, check_demo_people)
