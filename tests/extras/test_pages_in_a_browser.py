"""Site and slides as a reader meets them: in a real browser, with the network blocked. The stage `pages` runs this."""

import re

import pytest

from course_utils.tooling import catalogue, site, slides
from course_utils.tooling.code_on_show import LINES, only_draws
from course_utils.tooling.notebook_files import read_notebook

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

LESSONS = [lesson for lesson in catalogue.lessons() if lesson.notebook.is_file()]
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return site.build(LESSONS, tmp_path_factory.mktemp("site")).parent


@pytest.fixture(scope="module")
def talks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    slides.write({lesson.title: lesson.notebook for lesson in LESSONS}, folder)
    return folder


@pytest.fixture
def page(browser):
    """A page that reaches files only, and keeps what it asked for and what went wrong in it."""
    page = browser.new_page(viewport=LAPTOP)
    page.asked, page.errors = [], []

    def only_files(route):
        if route.request.url.startswith(("file:", "data:", "blob:")):
            return route.continue_()
        page.asked.append(route.request.url)
        return route.abort()

    page.route("**/*", only_files)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    page.close()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_on_the_site(lesson, pages, page):
    page.goto((pages / f"{lesson.name}.html").as_uri())
    assert (page.asked, page.errors) == ([], [])
    assert page.locator("h1").first.inner_text().startswith(lesson.title)
    broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth || !i.alt).map(i => i.src.slice(0, 60))")
    assert broken == []
    assert page.locator(f'a[href$="{lesson.name}.ipynb"]').count() > 0  # the notebook can be downloaded
    drawing = [
        cell
        for cell in read_notebook(lesson.notebook).cells
        if cell.cell_type == "code" and len(cell.source.splitlines()) > site.SHORT and only_draws(cell.source)
    ]
    assert page.locator("details.hide:not([open])").count() == len(drawing)


# On a narrow screen: code lines that are broken, what is cut off, and what scrolls but not by keyboard.
MEASURE_NARROW = """() => {
    const scroller = part => part.closest("pre, div.formula, div.cell_output");
    const broken = [...document.querySelectorAll("div.highlight pre")].filter(
        code => getComputedStyle(code).whiteSpace !== "pre");
    const wide = [...document.querySelectorAll("article pre, article math")].filter(
        part => part.getBoundingClientRect().width && part.scrollWidth > part.clientWidth + 1
            || part.getBoundingClientRect().right > innerWidth);
    const stuck = wide.filter(part => {
        const holder = scroller(part);
        return !holder || getComputedStyle(holder).overflowX !== "auto" || holder.tabIndex < 0;
    });
    return {
        page: document.documentElement.scrollWidth, broken: broken.length, wide: wide.length,
        stuck: stuck.map(part => part.outerHTML.slice(0, 200)),
    };
}"""


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_on_a_telephone_code_and_formulas_scroll(lesson, pages, page):
    page.set_viewport_size(PHONE)
    page.goto((pages / f"{lesson.name}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    found = page.evaluate(MEASURE_NARROW)
    assert found["page"] <= PHONE["width"]
    assert (found["broken"], found["stuck"]) == (0, [])
    assert found["wide"] > 0  # or nothing was tried


def test_the_front_page_offers_the_course_first_and_then_the_shelves(pages, page):
    page.goto((pages / "index.html").as_uri())
    offered = [lesson for shelf in catalogue.on_shelves(LESSONS).values() for lesson in shelf]
    numbers = [lesson.number for lesson in offered]
    assert numbers[:7] == ["00", "01", "02", "03", "04", "05", "21"]
    assert page.locator("article h2").all_inner_texts()[0].startswith("The course")
    cards = page.locator("a.lesson")
    assert cards.locator(".number").all_inner_texts() == numbers
    assert page.evaluate("[...document.querySelectorAll('a.lesson img')].every(one => one.naturalWidth > 0)")
    for card, lesson in zip(cards.all(), offered, strict=True):
        text = " ".join(card.inner_text().split())
        assert f"{lesson.minutes['study']:.0f} minutes to study" in text
        assert "You need: " in text
        assert "?" in lesson.title or card.locator(".question").inner_text()
    entries = page.locator(".bd-sidebar-primary li.toctree-l1").all_inner_texts()
    assert [entry.strip()[:2] for entry in entries[: len(numbers)]] == numbers
    cards.first.click()
    assert page.locator("h1").first.inner_text().startswith(offered[0].title)
    page.set_viewport_size(PHONE)
    page.go_back()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


PAGES = ["index", "teaching_guide", "glossary", *(one.name for one in LESSONS)]


@pytest.mark.parametrize(
    ("name", "scheme"), [*((name, "light") for name in PAGES), ("index", "dark"), (PAGES[3], "dark")]
)
def test_no_serious_finding_of_the_accessibility_checker(name, scheme, pages, page):
    page.emulate_media(color_scheme=scheme)
    page.goto((pages / f"{name}.html").as_uri())
    found = axe.Axe().run(page).response["violations"]
    serious = {f["id"]: f["nodes"][0]["html"][:200] for f in found if f["impact"] in ("serious", "critical")}
    assert serious == {}


def test_formulas_are_drawn_without_a_script(pages, page):
    page.goto((pages / "03_cnn_math.html").as_uri())
    assert page.locator("math").count() > 20
    assert "$$" not in page.locator("article").inner_text()


def test_the_search_works_from_a_folder_and_quotes_what_it_has_found(pages, page):
    page.goto((pages / "index.html").as_uri())
    page.keyboard.press("Control+k")
    page.keyboard.type("pooling")
    page.keyboard.press("Enter")
    page.wait_for_selector("ul.search li p.context", timeout=20_000)
    assert "q=pooling" in page.url
    results = page.locator("ul.search > li")
    assert "What does a convolution compute?" in results.first.inner_text()
    page.get_by_text(re.compile(r"found \d+ page")).wait_for()  # said when the last result is there
    page.wait_for_function("document.querySelectorAll('ul.search > li:not(:has(p.context))').length === 0")
    quoted = results.locator("p.context").all_inner_texts()
    assert len(quoted) == results.count() > 3
    assert all("pool" in text.lower() for text in quoted)
    boxes = page.locator("input[type=search], .search-button-field").all()
    assert sum(box.is_visible() for box in boxes) == 1
    assert (page.asked, page.errors) == ([], [])


MEASURE_SLIDE = """() => {
    const slide = Reveal.getCurrentSlide(), box = slide.getBoundingClientRect(), code = slide.querySelector(".code");
    const parts = [...slide.children].map(part => part.getBoundingClientRect());
    const image = slide.querySelector("figure img"), within = image && image.getBoundingClientRect();
    const scale = image && Math.min(within.width / image.naturalWidth, within.height / image.naturalHeight);
    return {
        kind: slide.className.split(" ").find(name => ["question", "answer"].includes(name)) || "",
        text: slide.innerText,
        top: Math.min(...parts.map(part => part.top)), bottom: Math.max(...parts.map(part => part.bottom)),
        tooWide: slide.scrollWidth - slide.clientWidth,
        lines: code ? code.innerText.split("\\n").filter(line => /\\w/.test(line)).length : 0,
        figure: image && [image.naturalWidth * scale, image.naturalHeight * scale],
        bare: [...slide.children].every(part => part.matches("h1, h2, .text")
            && [...part.children].every(inner => inner.matches("p"))),
    };
}"""


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_slides_teach_and_fit_the_screen(lesson, talks, page):
    page.goto((talks / f"{lesson.name}.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    assert (page.asked, page.errors) == ([], [])
    total = page.evaluate("Reveal.getTotalSlides()")
    assert total >= 8
    found = []
    for number in range(total):
        page.evaluate(f"Reveal.slide({number})")
        found.append(page.evaluate(MEASURE_SLIDE))
    for number, (slide, following) in enumerate(zip(found, [*found, None][1:], strict=True)):
        what = f"slide {number}: {slide}"
        assert slide["top"] >= -1 and slide["bottom"] <= LAPTOP["height"] + 1 and slide["tooWide"] <= 2, what
        assert "this notebook" not in slide["text"].lower(), what
        assert slide["lines"] <= LINES, what
        assert slide["kind"] != "question" or following["kind"] == "answer", what
        assert slide["kind"] == "question" or not slide["bare"], what
        assert not slide["figure"] or slide["figure"][0] > 1000 or slide["figure"][1] > 300, what
