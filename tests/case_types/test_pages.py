"""A steward writes a case type on a page, a second person approves it, and it is used."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
import yaml
from django.utils import translation

from haihe.base.registry import registry
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.errors import BadType
from haihe.kernel.cases.models import Case, CaseTypeDraft
from haihe.kernel.cases.types.fault import Fault
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.messages.models import Message
from haihe.kernel.org.models import Account
from haihe.kernel.org.queries import actor_of
from haihe.systems.case_types.held import held_of_sheet
from haihe.systems.case_types.patterns import SIMPLE
from haihe.systems.case_types.sheets import sheet_of
from haihe.systems.case_types.words import fault_words
from tests import needs
from tests.case_types.builders import WRITES, approver, form_of, ordered, plain, published, steward
from tests.case_types.test_sheets import CITIES
from tests.desk.builders import HANDLES, at_desk, picture, step
from tests.pages.browser import LANGUAGES, NARROW, PHONE, Opening, faults, overflow, small_texts
from tests.pages.cities import client_of, officer

EDIT = "/case_types/new/"


def simple(**changes: Any) -> dict[str, Any]:
    """The pattern as a whole type of its own name."""
    title = {"zh": "走失宠物", "en": "Lost pet"}
    return {**deepcopy(SIMPLE), "name": "city.lost_pet", "title": title, "unit": "land", **changes}


@pytest.mark.parametrize("name", sorted(registry.case_types))
def test_the_page_of_a_type_sends_the_same_type(city: None, name: str) -> None:
    client = steward()
    form = form_of(client.get(f"{EDIT}?of={name}").content)
    client.post(EDIT, {**form, "do": "draft"})
    draft = CaseTypeDraft.objects.get(type=name)
    assert ordered(queries.drafted(draft)) == ordered(registry.case_types[name])


def test_a_type_is_written_approved_published_and_used(city: None) -> None:
    writer, second = steward(), approver()
    form = form_of(writer.get(EDIT).content)
    form |= {"zh": ["走失宠物"], "en": ["Lost pet"], "unit": ["land"]}
    page = writer.post(EDIT, {**form, "do": "check"})
    assert "It has no fault" in page.content.decode()
    answer = writer.post(EDIT, {**form_of(page.content), "do": "draft"})
    address = answer["Location"]
    assert "you wrote it" in writer.get(address).content.decode()
    second.post(f"{address}approve")
    writer.post(f"{address}publish")
    assert queries.case_type("city.lost_pet").version.source == "steward"
    land = at_desk(officer("land", "Lana", permissions=HANDLES))
    opened = land.post(
        "/desk/cases/new/city.lost_pet/", {"title": "A dog, brown", "department": "land"}
    )
    case = Case.objects.get(title="A dog, brown")
    assert opened["Location"] == f"/desk/cases/{case.pk}/"
    assert case.due is not None
    step(land, case, "accept")
    step(land, case, "answer", note="He is at home again")
    assert queries.case(case.pk).state == "answered"
    assert queries.replay(case) == queries.standing(case)


def test_nobody_approves_their_own_draft_and_nothing_is_published_before(city: None) -> None:
    both = officer("data_office", "Bo", permissions=(*WRITES, "cases.type.approve"))
    made = actions.draft_type(by=actor_of(both), document=simple())
    client = at_desk(both)
    for word in ("publish", "approve", "publish"):
        client.post(f"/case_types/drafts/{made.pk}/{word}")
    assert CaseTypeDraft.objects.get(pk=made.pk).state == "drafted"


def test_faults_are_said_with_titles_in_both_languages(city: None) -> None:
    client = steward()
    form = form_of(client.get(EDIT).content)
    form |= {"zh": ["宠物"], "en": ["Pet"], "actions.1.to": [""], "unit": ["land"]}
    said = client.post(EDIT, {**form, "do": "draft"})
    assert said.status_code == 422
    assert "The action “Answer” leads nowhere." in said.content.decode()
    client.cookies["django_language"] = "zh-hans"
    said = client.post(EDIT, {**form, "do": "draft"})
    assert "步骤“答复”没有去向。" in said.content.decode()
    assert not CaseTypeDraft.objects.exists()


def test_every_fault_has_its_chinese() -> None:
    source = "".join(
        path.read_text("utf-8") for path in (CITIES.parent / "kernel" / "cases").rglob("*.py")
    )
    said = re.findall(r'(?:Fault|_said)\(\s*"((?:[^"\\]|\\.)*)"', source)
    assert len(said) > 45
    with translation.override("zh-hans"):
        for each in said:
            names = re.findall(r"{(\w+)}", each)
            words = fault_words(Fault(each, **dict.fromkeys(names, "x")), {})
            assert re.search("[\u4e00-\u9fff]", words), each


def test_an_unknown_unit_and_a_number_in_words_are_refused_in_a_sentence(city: None) -> None:
    client = steward()
    form = form_of(client.get(EDIT).content) | {"zh": ["宠物"], "en": ["Pet"]}
    page = client.post(EDIT, {**form, "unit": ["moon"]})
    assert "There is no department moon." in page.content.decode()
    page = client.post(EDIT, {**form, "clocks.0.limit": ["soon"]})
    assert "asks for a whole number" in page.content.decode()


def test_a_change_keeps_running_cases_until_they_are_moved(city: None) -> None:
    published(simple())
    land = officer("land", "Lana", permissions=HANDLES)
    case = actions.open_case(by=actor_of(land), type="city.lost_pet", title="A cat")
    client = steward()
    page = client.get(f"{EDIT}?of=city.lost_pet")
    form = form_of(page.content)
    at = next(name for name, value in form.items() if value == ["accept"] and "actions" in name)
    form[f"{at.rpartition('.')[0]}.goes"] = ["yes"]
    assert "is never reached" in client.post(EDIT, form).content.decode()
    changed = simple()
    changed["states"]["waiting"] = {"title": {"zh": "待寻", "en": "Sought"}}
    changed["states"].pop("handling")
    for action in changed["actions"].values():
        action["when"] = [{"handling": "waiting"}.get(s, s) for s in action["when"]]
    changed["actions"]["accept"]["to"] = "waiting"
    changed["clocks"].pop("handle")
    step(at_desk(land), case, "accept")
    by = actor_of(Account.objects.get(username="wendel"))
    made = actions.draft_type(by=by, document=changed)
    assert (
        "1 case of this type runs" in client.get(f"/case_types/drafts/{made.pk}/").content.decode()
    )
    actions.approve_type(by=actor_of(Account.objects.get(username="zoe")), draft=made)
    actions.publish_type(by=by, draft=made)
    assert queries.case(case.pk).state == "handling"
    client.post("/case_types/of/city.lost_pet/1/move/", {"handling": ""})
    assert queries.case(case.pk).state == "handling"
    client.post("/case_types/of/city.lost_pet/1/move/", {"handling": "waiting"})
    assert queries.case(case.pk).state == "waiting"
    assert queries.replay(case) == queries.standing(case)


def test_a_new_type_takes_no_name_that_is_there(city: None) -> None:
    published(simple())
    client = steward()
    form = form_of(client.get(EDIT).content) | {"zh": ["宠物"], "en": ["Lost pet"]}
    page = client.post(EDIT, {**form, "unit": ["land"], "do": "draft"})
    assert page.status_code == 422
    assert "There is a type of this name" in page.content.decode()
    again = form_of(page.content) | {"en": ["Lost cat"], "unit": ["land"], "do": "draft"}
    client.post(EDIT, again)
    assert queries.drafts().get().type == "city.lost_cat"


def test_a_change_of_a_declared_type_keeps_what_its_system_counts_on(city: None) -> None:
    by = actor_of(officer("data_office", "Sten", permissions=WRITES))
    document = plain(registry.case_types["cases.report"])
    document["actions"].pop("refute")
    with pytest.raises(BadType) as refused:
        actions.draft_type(by=by, document=document)
    assert "counts on the action refute" in refused.value.message
    document = plain(registry.case_types["cases.report"])
    document["clocks"]["whole"]["limit"] = 20
    assert actions.draft_type(by=by, document=document).state == "drafted"


def test_cases_are_not_moved_to_the_version_that_they_are_of(city: None) -> None:
    published(simple())
    land = officer("land", "Lana", permissions=HANDLES)
    case = actions.open_case(by=actor_of(land), type="city.lost_pet", title="A cat")
    before = queries.history(case)
    steward().post("/case_types/of/city.lost_pet/1/move/", {"received": "received"})
    assert len(queries.history(case)) == len(before)


def test_a_pack_brings_its_types_and_a_stewards_version_stays(city: None) -> None:
    path = CITIES / "riverton" / "case_types" / "lost_property.yaml"
    document = yaml.safe_load(path.read_text("utf-8"))
    assert queries.case_type(document["name"]).version.source == "pack"
    changed = {**document, "title": {"zh": "失物", "en": "Things lost"}}
    published(changed)
    loader = officer("data_office", "Load", permissions=("cases.type.load",))
    another = {**document, "title": {"zh": "招领", "en": "Things found"}}
    assert actions.load_types(by=actor_of(loader), documents=[document, another]) == 0
    assert queries.case_type(document["name"]).case_type.title["en"] == "Things lost"


def test_a_citizen_asks_is_told_rates_and_sees_only_their_own(city: None, citizen: Account) -> None:
    document = yaml.safe_load((CITIES / "tianjin/case_types/enquiry.yaml").read_text("utf-8"))
    published({**document, "unit": "land"})
    wang = client_of(citizen)
    wang.cookies["django_language"] = "en"
    answer = wang.post(
        "/portal/requests/new/tianjin.enquiry/",
        {"title": "My fence", "note": "How high may it be?"},
        follow=True,
    )
    case = Case.objects.get(title="My fence")
    assert "To be signed for" in answer.content.decode()
    land = at_desk(officer("land", "Lana", permissions=HANDLES))
    step(land, case, "sign")
    step(land, case, "pass_on", note="Ask Tess, she knows him", department="land")
    step(land, case, "sign")
    step(land, case, "answer", note="Up to two metres")
    assert list(Message.objects.order_by("made_at").values_list("text__en", flat=True)) == [
        "Being answered",
        "To be signed for",
        "Being answered",
        "Answered",
    ]
    page = wang.get(f"/portal/requests/{case.pk}/").content.decode()
    assert "Up to two metres" in page
    assert "How high may it be?" in page
    assert "Tess" not in page
    wang.post(f"/portal/requests/{case.pk}/rate", {"score": "2"})
    wang.post(f"/portal/requests/{case.pk}/ask_again", {"note": "And to the street?"})
    assert queries.case(case.pk).state == "answering"
    wang.post(f"/portal/requests/{case.pk}/answer", {"note": "I answer myself"})
    assert queries.case(case.pk).state == "answering"
    other = actions.open_case(by=actor_of(citizen), type="tianjin.enquiry", title="No person's")
    assert wang.get(f"/portal/requests/{other.pk}/").status_code == 404


def test_a_citizen_sends_a_photo_and_no_more_requests_than_anybody_has(
    city: None, citizen: Account
) -> None:
    published(simple())
    wang = client_of(citizen)
    address = "/portal/requests/new/city.lost_pet/"
    wang.post(address, {"title": "A dog", "note": "Brown", "photos": picture()})
    [first] = queries.history(Case.objects.get(title="A dog"))
    assert len(first.remark["photos"]) == 1
    for number in range(25):
        answer = wang.post(address, {"title": f"Dog {number}", "note": "Black"})
    assert answer.status_code == 422
    assert Case.objects.filter(version__name="city.lost_pet").count() == 20


def test_who_may_only_read_types_can_neither_write_nor_move(city: None) -> None:
    reader = at_desk(officer("land", "Rhea", permissions=("case_types.read",)))
    assert reader.get("/case_types/").status_code == 200
    assert reader.get("/case_types/of/cases.report/").status_code == 200
    for path in (EDIT, "/case_types/of/cases.report/1/move/"):
        assert reader.get(path).status_code == 403
    assert at_desk(officer("land", "Noel", permissions=())).get("/case_types/").status_code == 403


@needs.chromium
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_right_by_every_rule_and_narrow(
    city: None, opened: Opening, language: str
) -> None:
    made = published(simple())
    writer = officer("data_office", "Sten", permissions=WRITES)
    waiting = actions.draft_type(by=actor_of(writer), document=simple(unit="trade"))
    case = actions.open_case(by=actor_of(writer), type=made.name, title="A dog")
    paths = (
        "/case_types/",
        "/case_types/of/cases.report/",
        "/case_types/of/city.lost_pet/",
        f"/case_types/drafts/{waiting.pk}/",
        f"{EDIT}?of=cases.report",
        "/desk/cases/new/",
        "/desk/cases/new/city.lost_pet/",
    )
    assert case.department_id == "land"
    for size in (PHONE, NARROW):
        context = opened(writer, language=language, size=size)
        page = context.new_page()
        for path in paths:
            page.goto(path)
            assert overflow(page) <= 0, path
            if size == PHONE:
                assert faults(page) == [], path
                assert small_texts(page) == [], path


def test_a_question_whose_answer_is_held_points_to_its_source(city: None) -> None:
    lead = ColumnDraft("phone", "text", {"zh": "手机号码"}, element="person.phone", is_lead=True)
    land = officer("land", "Lee", permissions=("catalogue.resource.publish",))
    catalogue.publish_resource(
        by=actor_of(land),
        code="land/contacts",
        title={"zh": "联系方式", "en": "Contacts"},
        department="land",
        table="land.contacts",
        sharing_class="unconditional",
        columns=[lead],
    )
    document = simple()
    asked = {"mobile": {"title": {"zh": "手机号码", "en": "Your number"}, "kind": "text"}}
    other = {"dog": {"title": {"zh": "犬名", "en": "Name of the dog"}, "kind": "text"}}
    document["actions"]["accept"]["fields"] = {**asked, **other}
    assert [each.column.resource_id for each in held_of_sheet(sheet_of(document))] == [
        "land/contacts"
    ]
    writer = steward()
    page = writer.post(EDIT, {**form_of(writer.get(EDIT).content), "do": "check"})
    assert 'id="held"' not in page.content.decode()
    made = actions.draft_type(by=actor_of(officer("data_office", "Bo", permissions=WRITES)),
                              document=document)  # fmt: skip
    for address in (f"/case_types/drafts/{made.pk}/",):
        shown = writer.get(address).content.decode()
        assert 'id="held"' in shown
        assert "land/contacts" in shown
        assert "Name of the dog:" not in shown
