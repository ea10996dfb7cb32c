"""Each rule between the lists, and every way in which breaking it is tried.

A rule stands in the database; a person meets it earlier, in an action. The table names the test of
each way: plain SQL, the action (which commands and the shell call too), a page, a spreadsheet, a
governed call. A rule of the database that is not in the table fails the first test.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps

import haihe.kernel.catalogue.migrations as of_catalogue

DATABASE = "tests.catalogue.test_database"
ROWS = "tests.catalogue.test_database_constraints"
SYSTEMS = "tests.catalogue.test_database_systems"
FIELDS = "tests.catalogue.test_fields"
OWN = "tests.catalogue.test_own_entries"
DEMANDS = "tests.catalogue.test_demands"
LISTS = "tests.catalogue.test_lists"
SHEETS = "tests.catalogue.test_sheets"
PAGES = "tests.sharing.test_rules_on_pages"
SHARING = "tests.pages.test_sharing"
CONFIRMING = "tests.pages.test_confirming"
WORKBOOK = "tests.sharing.test_sheets"
CALLS = "tests.services.test_calls"

_BAD_DEMAND = {
    "action": f"{DEMANDS}.test_a_demand_with_a_fault_is_refused_by_name",
    "page": f"{PAGES}.test_a_demand_that_may_not_be_is_not_raised",
    "sheet": f"{SHEETS}.test_a_demand_that_may_not_be",
}
_STAYS = {
    "sql": f"{DATABASE}.test_what_was_demanded_stays",
    "sheet": f"{SHEETS}.test_what_was_demanded_stays_whatever_a_file_says",
}
_CUT = {
    "sql": f"{DATABASE}.test_a_listed_column_enters_no_grant",
    "action": f"{DEMANDS}.test_a_column_on_the_negative_list_can_be_neither_demanded_nor_granted",
    "page": f"{PAGES}.test_what_was_listed_meanwhile_is_not_granted",
    "sheet": f"{SHEETS}.test_an_entry_of_the_negative_list_cuts_grants_as_it_comes_in",
    "call": f"{CALLS}.test_a_column_put_on_the_negative_list_stops_and_the_law_is_cited",
}
_FIRST = f"{SYSTEMS}.test_the_action_says_it_first"
_KEEPS = f"{SYSTEMS}.test_the_action_keeps_a_target_and_lets_nothing_new_into_what_closes"
_BAD_SYSTEM = f"{SHEETS}.test_a_system_that_may_not_be"
_BAD_RESPONSIBILITY = f"{SHEETS}.test_a_responsibility_that_may_not_be"
_SAYS = f"{FIELDS}.test_the_database_refuses_what_a_resource_can_t_say"
_FAULTY = f"{FIELDS}.test_a_faulty_field_is_named"
_FIFTY = f"{WORKBOOK}.test_fifty_faults_are_told_by_cell_and_nothing_of_two_thousand_is_written"
_RECORD = {"sql": f"{DATABASE}.test_what_was_granted_or_forbidden_stays_on_record"}
HELD = "tests.catalogue.test_procedure_held"
ALONE = "tests.catalogue.test_constraints_held"
TERMS = "tests.catalogue.test_terms"
GRANTS = "tests.catalogue.test_grants"
PROCEDURE = "tests.catalogue.test_procedure"
WANTED = "tests.catalogue.test_wanted"
DISPUTES = "tests.catalogue.test_disputes"
_WAY = "tests.pages.test_demand_way.test_the_whole_way_of_a_demand"
_ALONE = {"sql": f"{ALONE}.test_a_row_that_contradicts_itself_is_refused"}
_SOUGHT = {"sql": f"{ALONE}.test_what_is_looked_for_starts_and_stays_as_it_was_said"}
_TERMS = {**_ALONE, "action": f"{TERMS}.test_terms_that_can_not_be_held_are_refused"}
_CALLED = {**_ALONE, "action": f"{TERMS}.test_calls_are_bounded_by_the_minute_alone"}
_ONWARD = {"sql": f"{TERMS}.test_onward_use_is_banned_unless_a_law_is_cited_in_sql_too"}
_RECEIPT = {
    "sql": f"{GRANTS}.test_a_receipt_is_given_once_and_proven_in_sql_too",
    "action": f"{GRANTS}.test_the_receiver_gives_its_receipt_which_stands_in_the_ledger",
}
_ROWS = {
    "sql": f"{TERMS}.test_rows_are_held_to_the_closed_language_in_sql_too",
    "action": f"{TERMS}.test_terms_that_can_not_be_held_are_refused",
}
_RENEWAL = {**_ALONE, "action": f"{GRANTS}.test_a_renewal_that_may_not_be_asked"}
ONWARD = "tests.catalogue.test_onward"
CARD = "tests.pages.test_grants"
_EXCEPTION = {
    "sql": f"{ONWARD}.test_nobody_allows_or_changes_it_in_sql",
    "action": f"{ONWARD}.test_nobody_but_the_provider_decides_and_one_waits_at_a_time",
    "page": f"{CARD}.test_onward_use_is_asked_and_decided_on_the_card",
}
_ASKED_ONWARD = {**_ALONE, "action": f"{ONWARD}.test_onward_use_that_may_not_be_asked"}
_SETTLED = {
    "sql": f"{HELD}.test_a_dispute_is_of_a_party_over_a_grant_and_settled_by_a_third",
    "action": f"{DISPUTES}.test_only_parties_dispute_and_only_a_third_settles",
    "page": _WAY,
}
_EVALUATED = {
    **_ALONE,
    "action": f"{DISPUTES}.test_whoever_holds_a_grant_says_once_how_it_served",
}
RULES: dict[str, dict[str, str]] = {
    # The procedure: another checks, a third decides, all along the way.
    "another_checks": {
        "sql": f"{HELD}.test_nobody_checks_a_demand_of_their_own",
        "action": f"{PROCEDURE}.test_only_the_authority_checks",
        "page": _WAY,
    },
    "no_party_decides": {
        "sql": f"{HELD}.test_no_party_decides_between_both",
        "action": f"{PROCEDURE}.test_the_authority_grants_what_was_refused",
        "page": _WAY,
    },
    "dispute_says_what_is_wrong": _SETTLED,
    "dispute_stays": _SETTLED,
    "no_party_settles": _SETTLED,
    "one_open_dispute_a_demand": _SETTLED,
    "party_disputes_a_grant": _SETTLED,
    "settlement_has_a_reason": _SETTLED,
    "evaluation_one_to_five": _EVALUATED,
    "evaluation_says_what_came_of_it": _EVALUATED,
    "evaluation_stays": {"sql": f"{HELD}.test_an_evaluation_stays_and_what_was_done_is_kept"},
    "wanted_moves": {
        "sql": f"{HELD}.test_wanted_data_move_along_their_way_alone",
        "action": f"{WANTED}.test_what_cannot_be_had_is_refused_with_a_reason",
    },
    "wanted_starts_matching": _SOUGHT,
    "wanted_stays": _SOUGHT,
    "wanted_demanded_by_itself": {
        **_SOUGHT,
        "action": f"{WANTED}.test_what_does_not_answer_it_is_refused",
    },
    "wanted_demanded_names_its_demand": _ALONE,
    "wanted_found_names_its_resource": _ALONE,
    "wanted_has_a_basis": _ALONE,
    "wanted_published_by_somebody": _ALONE,
    "wanted_refused_with_a_reason": {
        **_ALONE,
        "action": f"{WANTED}.test_what_cannot_be_had_is_refused_with_a_reason",
    },
    # The terms of grants, their renewals, and the deletion of what was received.
    "demand_bans_onward_use_or_cites_the_law": _ONWARD,
    "grant_bans_onward_use_or_cites_the_law": _ALONE,
    "demand_calls_are_periodic": _CALLED,
    "grant_calls_are_periodic": _CALLED,
    "demand_delivers_at_its_pace": _CALLED,
    "grant_delivers_at_its_pace": _CALLED,
    "demand_data_has_a_life": _TERMS,
    "grant_data_has_a_life": _TERMS,
    "return_flow_of_ones_own": {
        "sql": f"{TERMS}.test_a_district_asks_for_its_own_rows_and_no_others",
        "action": f"{TERMS}.test_a_district_asks_for_its_own_rows_and_no_others",
    },
    "one_document_a_grant_edition": {
        "sql": f"{TERMS}.test_a_document_can_not_be_changed_doubled_or_forged"
    },
    "exception_starts_asked": _EXCEPTION,
    "exception_names_others": _EXCEPTION,
    "exception_stays": _EXCEPTION,
    "one_open_exception_a_grant": _ASKED_ONWARD,
    "exception_says_to_whom_why_and_by_what_law": _ASKED_ONWARD,
    "exception_is_decided_with_a_reason": {
        **_ALONE,
        "action": f"{ONWARD}.test_a_refusal_says_why_and_the_ban_stands",
        "page": f"{CARD}.test_onward_use_is_asked_and_decided_on_the_card",
    },
    "document_is_whole": {"sql": f"{TERMS}.test_a_document_can_not_be_changed_doubled_or_forged"},
    "renewal_starts_asked": {"sql": f"{GRANTS}.test_no_grant_renews_itself_in_sql"},
    "renewal_stays": {"sql": f"{GRANTS}.test_no_grant_renews_itself_in_sql"},
    "receipt_is_given_once": _RECEIPT,
    "rows_are_tests": _ROWS,
    "rows_name_a_column": _ROWS,
    "rows_name_nobody": _ROWS,
    "renewal_says_why": _RENEWAL,
    "renewal_lengthens": _RENEWAL,
    "refused_renewal_says_why": {
        **_ALONE,
        "action": f"{GRANTS}.test_a_refused_renewal_says_why_and_the_grant_ends_on_its_day",
    },
    "one_open_renewal_a_grant": {
        **_ALONE,
        "action": f"{GRANTS}."
        "test_one_renewal_waits_at_a_time_and_a_grant_that_is_over_is_not_renewed",
    },
    "receipt_stands_in_the_ledger": _RECEIPT,
    "deletion_by_haihe_is_proven": _RECEIPT,
    "deletion_by_the_receiver_is_declared": _RECEIPT,
    "one_open_deletion_a_grant": {
        **_ALONE,
        "action": f"{GRANTS}.test_each_end_is_asked_about_once",
    },
    # Demands: with a basis and a purpose, of another's published resource, decided once.
    "demand_has_a_basis": {"sql": f"{DATABASE}.test_a_demand_that_may_not_be", **_BAD_DEMAND},
    "demand_is_for_a_while": {"sql": f"{ROWS}.test_a_demand_is_for_a_while", **_BAD_DEMAND},
    "demand_starts_raised": {"sql": f"{DATABASE}.test_a_demand_that_may_not_be"},
    "demand_of_anothers": {
        "sql": f"{DATABASE}.test_a_demand_that_may_not_be",
        "page": f"{PAGES}.test_nobody_demands_their_own_or_what_is_not_published",
        "sheet": f"{SHEETS}.test_a_demand_of_ones_own_or_of_a_listed_column_is_refused_at_its_cell",
    },
    "demand_of_published": {
        "sql": f"{DATABASE}.test_a_demand_of_what_is_not_published",
        "action": f"{LISTS}.test_a_proposed_resource_is_used_by_nobody_until_a_person_confirms_it",
        "page": f"{PAGES}.test_nobody_demands_their_own_or_what_is_not_published",
    },
    "demand_by_an_offered_mode": {
        "sql": f"{FIELDS}.test_only_an_offered_way_of_delivery_is_demanded",
        "action": f"{FIELDS}.test_only_an_offered_way_of_delivery_is_demanded",
        "page": f"{PAGES}.test_only_an_offered_way_is_demanded",
    },
    "demand_of_its_resource": {
        "sql": f"{DATABASE}.test_a_demand_names_columns_of_its_own_resource",
        **_BAD_DEMAND,
    },
    "demand_stays": _STAYS,
    "demand_moves": {
        "sql": f"{DATABASE}.test_a_decided_demand_moves_no_more",
        "action": f"{DEMANDS}.test_a_decided_demand_is_not_decided_again",
        "page": f"{PAGES}.test_a_decided_demand_is_not_decided_again",
    },
    "provider_decides": {
        "sql": f"{DATABASE}.test_nobody_but_the_provider_decides_a_conditional_demand",
        "action": f"{DEMANDS}.test_only_the_providers_department_decides",
        "page": f"{PAGES}.test_nobody_but_the_provider_grants_or_refuses",
    },
    "refusal_has_a_reason": {
        "sql": f"{DATABASE}.test_a_refusal_without_a_reason",
        "action": f"{DEMANDS}.test_a_refusal_gives_its_reason",
        "page": f"{SHARING}.test_a_refusal_without_a_reason_is_not_taken",
    },
    "purpose_has_a_basis": {
        "sql": f"{ROWS}.test_a_row_that_contradicts_itself",
        "action": f"{ROWS}.test_a_purpose_without_a_basis_is_not_added",
    },
    # Grants: only from a demand, with a responsibility, smaller every day.
    "granted_has_a_grant": {
        "sql": f"{DATABASE}.test_a_granted_demand_without_grant_or_responsibility"
    },
    "granted_has_a_responsibility": {
        "sql": f"{DATABASE}.test_the_responsibility_behind_a_grant_can_not_be_taken_away",
        "action": f"{DEMANDS}.test_a_granted_demand_makes_its_provider_responsible",
        "page": f"{PAGES}.test_what_names_no_system_is_nobodys_responsibility_and_is_not_granted",
    },
    "grant_has_a_column": {
        "sql": f"{DATABASE}.test_a_granted_demand_without_grant_or_responsibility",
        "action": f"{LISTS}.test_a_demand_whose_columns_are_all_gone_is_not_granted",
    },
    "grant_follows_its_demand": {
        "sql": f"{DATABASE}.test_no_grant_without_a_granted_demand",
        "call": f"{CALLS}.test_a_department_without_grant_is_refused",
    },
    "grant_of_published": {
        "sql": f"{ROWS}.test_nothing_is_granted_of_what_is_withheld",
        "action": f"{LISTS}.test_a_withheld_resource_serves_nothing_and_leaves_every_grant",
    },
    "grant_only_shrinks": {
        "sql": f"{DATABASE}.test_a_grant_only_shrinks",
        "action": f"{DEMANDS}.test_a_grant_is_withdrawn_once_and_by_nobody_else",
        "page": f"{PAGES}.test_a_grant_is_ended_with_a_reason_by_one_of_the_two",
        "call": f"{CALLS}.test_a_withdrawn_grant_stops_within_a_second",
    },
    "grant_within_its_demand": {
        "sql": f"{DATABASE}.test_a_granted_column_was_demanded",
        "call": f"{CALLS}.test_a_call_is_answered_with_granted_columns_alone",
    },
    "not_on_negative_list": _CUT,
    "not_withheld": {
        "sql": f"{DATABASE}.test_a_withheld_or_dropped_column_enters_no_grant",
        **_BAD_DEMAND,
    },
    # The negative list: a law, kept as it was approved.
    "negative_entry_cites_its_law": {
        "sql": f"{ROWS}.test_an_entry_of_the_negative_list_without_a_law",
        "action": f"{LISTS}.test_a_negative_entry_cites_its_law_and_names_columns",
        "sheet": f"{SHEETS}.test_an_entry_that_may_not_be",
    },
    "negative_entry_of_ones_own": {
        "sql": f"{OWN}.test_an_entry_of_a_department_names_its_own_columns_in_sql_too",
        "action": f"{OWN}.test_a_department_lists_columns_of_its_own_resources_alone",
        "sheet": f"{SHEETS}.test_nobody_lists_columns_of_another_department",
    },
    "substitute_is_known": {
        "sql": f"{SYSTEMS}.test_a_substitute_is_one_of_three",
        "action": f"{LISTS}.test_a_negative_entry_cites_its_law_and_names_columns",
    },
    "kept_on_record": {
        **_RECORD,
        "sheet": f"{SHEETS}.test_of_an_entry_only_its_review_may_be_put_off",
    },
    # Responsibilities: one a resource, its provider's, by law, from a system that stays.
    "one_responsibility_a_resource": {
        "sql": f"{ROWS}.test_a_resource_has_one_responsibility",
        "action": f"{LISTS}.test_one_resource_has_one_responsibility_of_its_provider",
        "sheet": f"{SHEETS}.test_a_responsibility_comes_in_and_is_corrected",
    },
    "responsibility_has_a_basis": {
        "sql": f"{ROWS}.test_a_row_that_contradicts_itself",
        "action": f"{LISTS}.test_one_resource_has_one_responsibility_of_its_provider",
        "sheet": _BAD_RESPONSIBILITY,
    },
    "provider_is_responsible": {
        "sql": f"{DATABASE}.test_a_responsibility_is_its_providers_and_names_a_system",
        "action": f"{LISTS}.test_one_resource_has_one_responsibility_of_its_provider",
        "sheet": _BAD_RESPONSIBILITY,
    },
    "contact_is_a_post": {
        "sql": f"{SYSTEMS}.test_a_contact_is_a_post",
        "action": _KEEPS,
        "sheet": _BAD_RESPONSIBILITY,
    },
    "item_has_code_and_title": {
        "sql": f"{SYSTEMS}.test_a_business_item_with_a_code_has_a_name",
        "action": _KEEPS,
        "sheet": _BAD_RESPONSIBILITY,
    },
    # Systems: merged into one that stays; nothing new in one that closes.
    "merged_names_its_target": {
        "sql": f"{SYSTEMS}.test_a_system_is_merged_into_one_that_stays",
        "action": _FIRST,
        "sheet": _BAD_SYSTEM,
    },
    "merged_into_another": {
        "sql": f"{SYSTEMS}.test_a_system_is_not_merged_into_itself",
        "action": _FIRST,
        "sheet": _BAD_SYSTEM,
    },
    "merged_into_one_that_stays": {
        "sql": f"{SYSTEMS}.test_a_system_is_merged_into_one_that_stays",
        "action": _FIRST,
        "sheet": _BAD_SYSTEM,
    },
    "merged_into_stays": {
        "sql": f"{SYSTEMS}.test_a_system_that_others_are_merged_into_stays",
        "action": _KEEPS,
        "sheet": f"{SHEETS}.test_a_system_that_others_go_into_stays",
    },
    "protection_is_one_to_five": {
        "sql": f"{SYSTEMS}.test_a_level_of_protection_is_one_to_five",
        "action": _FIRST,
    },
    "network_is_known": {
        "sql": f"{SYSTEMS}.test_a_network_is_one_of_four_and_an_old_name_stays_until_it_is_changed",
        "action": _FIRST,
    },
    "nothing_new_in_a_closed_system": {
        "sql": f"{SYSTEMS}.test_a_closed_system_gets_nothing_new",
        "action": _KEEPS,
        "page": f"{PAGES}.test_a_closed_system_gets_no_link_from_the_page_that_confirms",
    },
    # Resources: keep provider, number and moves; name conditions; one lead a datum.
    "resource_keeps_its_provider": {
        "sql": f"{DATABASE}.test_a_resource_keeps_its_provider_and_its_moves"
    },
    "resource_moves": {"sql": f"{DATABASE}.test_a_resource_keeps_its_provider_and_its_moves"},
    "resource_keeps_its_number": {
        "sql": f"{FIELDS}.test_a_number_is_no_other_s_and_stays",
        "action": f"{FIELDS}.test_a_number_is_no_other_s_and_stays",
    },
    "one_row_a_resource_version": {
        "sql": f"{ROWS}.test_a_row_that_contradicts_itself",
        "action": f"{FIELDS}.test_each_change_makes_a_version_that_says_what_changed",
    },
    "conditional_names_its_condition": {
        "sql": f"{ROWS}.test_a_row_that_contradicts_itself",
        "action": _FAULTY,
        "sheet": _FIFTY,
    },
    "opened_names_its_condition": {"sql": _SAYS, "action": _FAULTY, "sheet": _FIFTY},
    "withheld_is_not_opened": {"sql": _SAYS, "action": _FAULTY, "sheet": _FIFTY},
    "resource_names_a_mode": {"sql": _SAYS, "action": _FAULTY, "sheet": _FIFTY},
    "related_is_another": {
        "sql": f"{FIELDS}.test_the_database_keeps_related_resources_too",
        "action": f"{FIELDS}.test_related_resources_are_there_and_others",
        "page": f"{CONFIRMING}.test_related_resources_are_confirmed_and_a_wrong_one_is_refused",
        "sheet": f"{SHEETS}.test_related_resources_that_may_not_be",
    },
    "related_is_there": {
        "sql": f"{FIELDS}.test_the_database_keeps_related_resources_too",
        "action": f"{FIELDS}.test_related_resources_are_there_and_others",
        "page": f"{CONFIRMING}.test_related_resources_are_confirmed_and_a_wrong_one_is_refused",
        "sheet": f"{SHEETS}.test_related_resources_that_may_not_be",
    },
    "one_column_a_name": {
        "sql": f"{ROWS}.test_a_row_that_contradicts_itself",
        "action": f"{LISTS}.test_a_draft_with_a_fault_is_refused_by_name",
        "sheet": _FIFTY,
    },
    "one_subject_column_a_resource": {
        "sql": f"{ROWS}.test_a_row_that_contradicts_itself",
        "action": f"{LISTS}.test_a_draft_with_a_fault_is_refused_by_name",
        "sheet": _FIFTY,
    },
    "one_lead_column_an_element": {
        "sql": f"{FIELDS}.test_the_database_keeps_one_source_a_datum_too",
        "action": f"{FIELDS}."
        "test_one_datum_has_one_source_and_who_else_claims_it_hears_who_holds_it",
        "sheet": _FIFTY,
    },
    "lead_names_its_element": {
        "sql": f"{ROWS}.test_a_row_that_contradicts_itself",
        "action": _FAULTY,
        "sheet": _FIFTY,
    },
}
NOT_OF_LISTS = {"one_number_a_facet_value"}
"""Constraints of the search's own tables."""


def in_the_database() -> set[str]:
    """Names of all rules of the catalogue: constraints, and refusals of its triggers."""
    models = apps.get_app_config("catalogue").get_models()
    named = {each.name for model in models for each in model._meta.constraints}
    for path in Path(str(of_catalogue.__path__[0])).glob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"catalogue_refuse\(\s*'(\w+)'", text))
    return named - NOT_OF_LISTS


def test_the_table_names_each_rule_of_the_database() -> None:
    assert in_the_database() == set(RULES)


WAYS = [(rule, way, test) for rule, ways in RULES.items() for way, test in ways.items()]


@pytest.mark.parametrize(("rule", "way", "test"), WAYS)
def test_each_way_of_the_table_is_tried_by_a_test(rule: str, way: str, test: str) -> None:
    module, _, name = test.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name, None)), (rule, way, test)


def test_each_rule_is_tried_in_plain_sql() -> None:
    assert not {rule for rule, ways in RULES.items() if "sql" not in ways}
