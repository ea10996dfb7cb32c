"""Rules of the lists of systems and responsibilities, met in plain SQL past the actions."""

from __future__ import annotations

import pytest

from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.models import SourceSystem
from haihe.kernel.exchange import actions as exchange
from tests.catalogue.builders import PROVIDER, STEWARD, Small, publish
from tests.catalogue.test_database import breaks, run
from tests.catalogue.test_demands import refused

INSERT_SYSTEM = (
    "insert into catalogue_sourcesystem (code, department_id, title, kind, network, cloud, fate,"
    " merges_into_id, is_vertical, builder, items, connection_cap, timeout_s)"
    " values (%s, 'civil', '{}', 'other', '', '', %s, %s, false, '', '{}', 1, 60)"
)
INSERT_RESPONSIBILITY = (
    "insert into catalogue_responsibility (department_id, duty, basis, resource_id, system_id,"
    " item_code, item_title, level, status, contact_post)"
    " values ('civil', '{}', 'A', 'civil/households', %s, %s, %s, '', 'planned', %s)"
)


@pytest.fixture
def systems(small: Small) -> None:
    """Beside the one that stays, one that is merged into it and one that is closed."""
    for code, fate in (("civil-merged", "merge"), ("civil-closed", "close")):
        actions.register_system(
            by=PROVIDER,
            code=code,
            department="civil",
            kind="other",
            title={"en": code},
            fate=fate,
            merges_into="civil-db" if fate == "merge" else None,
        )


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        ("merged_names_its_target", ("new", "merge", None)),
        ("merged_names_its_target", ("new", "keep", "civil-db")),
        ("merged_names_its_target", ("new", "close", "civil-db")),
        ("merged_into_one_that_stays", ("new", "merge", "civil-merged")),
        ("merged_into_one_that_stays", ("new", "merge", "civil-closed")),
    ],
)
def test_a_system_is_merged_into_one_that_stays(
    systems: None, rule: str, row: tuple[str | None, ...]
) -> None:
    breaks(rule, INSERT_SYSTEM, *row)


def test_a_system_is_not_merged_into_itself(systems: None) -> None:
    run(INSERT_SYSTEM, "civil-alone", "keep", None)
    sql = "update catalogue_sourcesystem set fate = 'merge', merges_into_id = code where code = %s"
    breaks("merged_into_another", sql, "civil-alone")
    breaks("merged_into_stays", sql, "civil-db")


@pytest.mark.parametrize("fate", ["merge", "close"])
def test_a_system_that_others_are_merged_into_stays(systems: None, fate: str) -> None:
    target = "'civil-closed'" if fate == "merge" else "null"
    sql = f"update catalogue_sourcesystem set fate = '{fate}', merges_into_id = {target}"
    rule = "merged_into_one_that_stays" if fate == "merge" else "merged_into_stays"
    breaks(rule, f"{sql} where code = 'civil-db'")


@pytest.mark.parametrize("level", [0, 6])
def test_a_level_of_protection_is_one_to_five(systems: None, level: int) -> None:
    sql = "update catalogue_sourcesystem set protection_level = %s where code = 'civil-db'"
    breaks("protection_is_one_to_five", sql, level)


def test_a_network_is_one_of_four_and_an_old_name_stays_until_it_is_changed(systems: None) -> None:
    sql = "update catalogue_sourcesystem set network = %s where code = 'civil-db'"
    breaks("network_is_known", sql, "city network")
    run("set constraints all immediate")
    run("alter table catalogue_sourcesystem disable trigger catalogue_system_check")
    run(sql, "city network")
    run("set constraints all immediate")
    run("alter table catalogue_sourcesystem enable trigger catalogue_system_check")
    actions.pause_system(by=PROVIDER, system="civil-db")
    assert SourceSystem.objects.get(pk="civil-db").network == "city network"


def test_a_closed_system_gets_nothing_new(systems: None) -> None:
    rule = "nothing_new_in_a_closed_system"
    breaks(rule, INSERT_RESPONSIBILITY, "civil-closed", "", "", "")
    sql = "update catalogue_resource set system_id = %s where code = 'civil/households'"
    breaks(rule, sql, "civil-closed")
    run(INSERT_RESPONSIBILITY, "civil-db", "", "", "")
    breaks(rule, "update catalogue_responsibility set system_id = %s", "civil-closed")
    insert = (
        "insert into catalogue_resource (code, title, abstract, department_id, system_id,"
        ' source_table, "table", classification, format, format_detail, modes, sharing_class,'
        " sharing_condition, open_class, open_condition, related, cycle, is_source, state, version,"
        " confirmed_by, sample) values ('n', '{}', '{}', 'civil', %s, '', 'n.n', '', 'file', '',"
        " '{file}', 'unconditional', '', 'closed', '', '{}', 'daily', false, 'proposed', 1, '',"
        " '{}')"
    )
    breaks(rule, insert, "civil-closed")
    run(insert, "civil-db")


def test_a_closed_system_gets_no_new_link(small: Small) -> None:
    run("update catalogue_sourcesystem set fate = 'close' where code = 'civil-db'")
    insert = (
        "insert into exchange_link (code, resource_id, target_system_id, target_table, mode,"
        " watermark, schedule, overlap_s) values ('l', 'civil/households', %s, '', 'full', '', '',"
        " 0)"
    )
    breaks("nothing_new_in_a_closed_system", insert, None)
    breaks("nothing_new_in_a_closed_system", insert, "civil-db")
    by = type(PROVIDER)(
        "officer", "1", department="civil", permissions=frozenset({"exchange.link.make"})
    )
    with refused("catalogue.system.closed"):
        exchange.make_link(by=by, code="l", resource="civil/households")


@pytest.mark.parametrize("contact", ["张三 13800000000", "a@b.cn", "022-12345678"])
def test_a_contact_is_a_post(systems: None, contact: str) -> None:
    breaks("contact_is_a_post", INSERT_RESPONSIBILITY, "civil-db", "", "", contact)


def test_a_business_item_with_a_code_has_a_name(systems: None) -> None:
    breaks("item_has_code_and_title", INSERT_RESPONSIBILITY, "civil-db", "110101", "", "")


def test_a_substitute_is_one_of_three(small: Small) -> None:
    actions.add_negative_entry(
        by=STEWARD,
        columns=[small.column("income")],
        law="A",
        approved_by="B",
        review_on=small.resource.published_at.date(),  # type: ignore[union-attr]
    )
    breaks("substitute_is_known", "update catalogue_negativeentry set substitute = 'whole'")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"fate": "merge"}, "catalogue.system.bad_merge"),
        ({"fate": "merge", "merges_into": "civil-new"}, "catalogue.system.bad_merge"),
        ({"fate": "merge", "merges_into": "civil-closed"}, "catalogue.system.bad_merge"),
        ({"fate": "keep", "merges_into": "civil-db"}, "catalogue.system.bad_merge"),
        ({"fate": "sell"}, "catalogue.system.fate_unknown"),
        ({"network": "city network"}, "catalogue.system.network_unknown"),
        ({"protection_level": 6}, "catalogue.system.bad_level"),
    ],
)
def test_the_action_says_it_first(systems: None, facts: dict[str, object], code: str) -> None:
    with refused(code):
        actions.register_system(
            by=PROVIDER,
            code="civil-new",
            department="civil",
            kind="other",
            title={"en": "New"},
            **facts,  # type: ignore[arg-type]
        )


def test_the_action_keeps_a_target_and_lets_nothing_new_into_what_closes(systems: None) -> None:
    given = {"code": "civil-db", "department": "civil", "kind": "other", "title": {"en": "x"}}
    with refused("catalogue.system.merged_into"):
        actions.register_system(by=PROVIDER, fate="close", **given)  # type: ignore[arg-type]
    with refused("catalogue.system.closed"):
        publish(code="civil/new", system="civil-closed")
    duty = {"duty": {"en": "D"}, "basis": "A"}
    with refused("catalogue.system.closed"):
        actions.add_responsibility(
            by=PROVIDER,
            resource="civil/households",
            system="civil-closed",
            **duty,  # type: ignore[arg-type]
        )
    for facts, code in (
        ({"contact_post": "张三 13800000000"}, "catalogue.responsibility.not_a_post"),
        ({"item_code": "1"}, "catalogue.responsibility.item_without_title"),
        ({"level": "galactic"}, "catalogue.responsibility.unknown_word"),
    ):
        with refused(code):
            actions.add_responsibility(
                by=PROVIDER,
                resource="civil/households",
                **duty,  # type: ignore[arg-type]
                **facts,  # type: ignore[arg-type]
            )


def test_a_system_that_closes_keeps_what_hangs_on_it(small: Small) -> None:
    given = {"code": "civil-db", "department": "civil", "kind": "postgresql", "title": {"en": "x"}}
    actions.register_system(by=PROVIDER, fate="close", **given)  # type: ignore[arg-type]
    assert publish(cycle="weekly").cycle == "weekly"
