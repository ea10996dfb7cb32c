"""The oldest browser that pages are built for: played by ours, without all that came later.

What a newer browser knows is taken out of it: functions are deleted before a page's first script,
and in sheets the words that an older one does not know are made unknown. It can't show how an old
one draws; that its scripts are read at all is seen to at each build.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from haihe.kernel.org.models import Account
from haihe.project.demo.grids import make_grids
from haihe.project.pack.load import loader
from tests.pages.browser import PHONE, Opening, faults, overflow
from tests.pages.cities import officer
from tests.pages.grids import FIRST, reported, worker
from tools import front_end

LATER = {
    "Array.prototype": "at findLast findLastIndex toSorted toReversed toSpliced with",
    "String.prototype": "at isWellFormed toWellFormed",
    "Object": "hasOwn groupBy",
    "Array": "fromAsync",
    "Promise": "withResolvers try",
    "AbortSignal": "timeout any",
    "URL": "canParse parse",
    "crypto": "randomUUID",
    "Element.prototype": "checkVisibility moveBefore setHTMLUnsafe getHTML",
    "Document.prototype": "startViewTransition",
    "Response": "json",
    "window": "structuredClone navigation scheduler reportError Sanitizer",
}
"""What came after the floor (Chrome 89 and later), by what it hangs on."""
UNKNOWN = re.compile(
    r"(color-mix|light-dark|oklch|oklab)(?=\()|:has(?=\()|@container|@layer|@property"
    r"|(?<=\d)(?:dvh|svh|lvh)|accent-color|text-wrap|aspect-ratio(?=:\s*auto)|@starting-style"
)
"""Words of sheets that came after it."""
FORGET = """(later) => {
    for (const [path, names] of Object.entries(later)) {
        const holder = path.split('.').reduce((whole, part) => whole && whole[part], window);
        if (!holder) continue;
        for (const name of names.split(' ')) {
            for (let at = holder; at; at = Object.getPrototypeOf(at)) delete at[name];
        }
    }
}"""


def spoil(route: Route) -> None:
    """A sheet, with every later word made one that no browser knows."""
    answer = route.fetch()
    text = UNKNOWN.sub("unknown", answer.text())
    route.fulfill(response=answer, body=text)


@pytest.fixture
def gridded(city: None) -> None:
    make_grids(by=loader())


def older(page: Page, errors: list[str]) -> Page:
    """The page as the floor's browser would have it; its scripts' errors are kept."""
    named = str(LATER).replace("'", '"')
    page.add_init_script(f"({FORGET})({named})")
    page.route(re.compile(r"\.css(\?|$)"), spoil)
    page.on("pageerror", lambda fault: errors.append(str(fault)))
    return page


def test_what_is_taken_out_is_gone(opened: Opening, city: None) -> None:
    page = older(opened(size=PHONE).new_page(), [])
    page.goto("/snap/")
    assert page.evaluate("[typeof structuredClone, typeof [].at, typeof Object.hasOwn]") == [
        "undefined",
        "undefined",
        "undefined",
    ]
    rules = "[...document.styleSheets].flatMap(s => [...s.cssRules].map(r => r.cssText))"
    texts = page.evaluate(rules)
    assert len(texts) > 200
    assert not [text for text in texts if UNKNOWN.search(text)]


def test_a_citizen_reads_and_reports_in_it(opened: Opening, gridded: None) -> None:
    errors: list[str] = []
    page = older(opened(size=PHONE, language="en").new_page(), errors)
    for address in ("/", "/snap/", "/snap/solved/", "/snap/report/", "/account/login/"):
        page.goto(address)
        assert (faults(page), overflow(page)) == ([], 0), address
    assert errors == []


def test_a_grid_worker_takes_a_round_in_it(opened: Opening, gridded: None) -> None:
    errors: list[str] = []
    case = reported(FIRST)
    page = older(opened(worker("Ada", FIRST), size=PHONE, language="en").new_page(), errors)
    for address in ("/grid/round/", f"/grid/round/{case.pk}/", "/grid/visits/new/"):
        page.goto(address)
        assert (faults(page), overflow(page)) == ([], 0), address
    assert errors == []


def test_an_officer_finds_work_in_it(opened: Opening, gridded: None) -> None:
    errors: list[str] = []
    account: Account = officer("oldbridge", "Olga")
    page = older(opened(account, language="en").new_page(), errors)
    for address in ("/desk/cases/", "/sharing/", "/figures/"):
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
        assert overflow(page) == 0, address
    assert errors == []


@pytest.mark.parametrize("later", ["a?.b", "a ?? b", "class A { #b = 1 }", "for await (x of y);"])
def test_a_build_stops_at_a_script_that_the_floor_would_not_read(
    tmp_path: Path, later: str
) -> None:
    script = tmp_path / "later.js"
    script.write_text("const a = async () => ({ ...[] });\n".replace("({ ...[] })", "1"))
    front_end.check_level([script], front_end.node_environment())
    script.write_text(later)
    with pytest.raises(front_end.BuildFailed):
        front_end.check_level([script], front_end.node_environment())
