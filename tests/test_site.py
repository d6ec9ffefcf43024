"""The built site, opened page by page in a browser without a network, as a reader would."""

import shutil
from pathlib import Path

import pytest
import yaml
from PIL import Image

from tools import site

pytestmark = pytest.mark.slow
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
BROWSER = next((found for name in BROWSERS if (found := shutil.which(name))), None)
WIDTHS = {"desktop": 1440, "phone": 360}
# What a page must not show: TeX that MathJax left as it was, and MathJax's own complaints.
RAW_TEX = r"""() => {
  const shown = document.querySelector('main, article, body').cloneNode(true);
  shown.querySelectorAll('pre, code, script, style, mjx-assistive-mml').forEach(e => e.remove());
  const text = shown.textContent;
  const found = text.match(/\\[(\[]|\$\$|\\(frac|mathbb|log|min|max|text|hat)\b/g) || [];
  return found.concat([...document.querySelectorAll('mjx-merror')].map(e => e.textContent));
}"""
BROKEN_PICTURES = """() => [...document.images]
  .filter(i => !(i.complete && i.naturalWidth > 0)).map(i => i.getAttribute('src'))"""
# Elements that reach out of the window and are not inside something that scrolls by itself.
TOO_WIDE = """() => {
  if (document.documentElement.scrollWidth <= window.innerWidth) return [];
  return [...document.querySelectorAll('main *')].filter(e => {
    if (e.getBoundingClientRect().right <= window.innerWidth + 1) return false;
    for (let p = e; p; p = p.parentElement)
      if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(p).overflowX)) return false;
    return true;
  }).map(e => e.outerHTML.slice(0, 120)).concat(['page wider than the window']);
}"""

# Formulas in the text that reach out of the box around them, which hides the rest.
CUT_FORMULA = """() => [...document.querySelectorAll('article mjx-container')].filter(formula => {
  const right = formula.getBoundingClientRect().right;
  for (let p = formula; p.tagName != 'ARTICLE'; p = p.parentElement) {
    const [box, way] = [p.getBoundingClientRect(), getComputedStyle(p).overflowX];
    if (['auto', 'scroll'].includes(way)) return false;
    if (way != 'visible' && box.width && right > box.right + 1) return true;
  }
  return right > window.innerWidth;
}).map(formula => formula.textContent.slice(0, 60))"""
# Pictures of the page that a tap does not open at full size.
NOT_LINKED = """() => [...document.querySelectorAll('article img[src*="_images/"]')]
  .filter(i => i.closest('a')?.href !== i.src).map(i => i.getAttribute('src'))"""
# Code, and what it printed, that is cut at the right.
CUT = """selector => [...document.querySelectorAll(selector)]
  .filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => e.textContent.trim().split('\\n').reduce((a, b) => a.length < b.length ? b : a))"""
# Pictures without words in their place, or with a file's name there.
NO_ALT = """() => [...document.querySelectorAll('article img')].filter(i =>
  /^\\s*$|\\.(png|svg|gif|jpe?g)$/.test(i.getAttribute('alt') || '')).map(i => i.src.slice(-30))"""
# Pictures that a cell drew, without a caption that says what to see.
NO_CAPTION = """() => [...document.querySelectorAll('article .cell_output img')].filter(i =>
  (i.closest('figure')?.querySelector('figcaption .caption-text')?.textContent || '').length < 15)
  .map(i => (i.getAttribute('alt') || '').slice(0, 60))"""
# Prints of one cell that stand in two boxes, one below the other.
SPLIT = """() => [...document.querySelectorAll('article .output.stream + .output.stream')]
  .map(e => e.textContent.trim().slice(0, 60))"""


@pytest.fixture(scope="module")
def pages():
    """The site without solutions, built now; notebooks already run are not run again."""
    site.build(solutions=False)
    found = sorted(p for p in site.SITE.rglob("*.html") if "_static" not in p.parts)
    found.remove(site.SITE / "index.html")  # it only forwards: test_the_first_page
    return found


@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        pytest.skip("no Chromium found: the pages were not opened in a browser")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=quiet)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """open_page(path) -> the page, and a list that collects what goes wrong in it."""
    viewport = {"width": WIDTHS["desktop"], "height": 900}
    context = browser.new_context(offline=True, viewport=viewport)
    context.set_default_timeout(120_000)  # ms: four times Playwright's, for a machine that is busy

    def open_page(path):
        page, wrong = context.new_page(), []
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("requestfailed", lambda r: wrong.append(f"request failed: {r.url}"))
        page.on("request", lambda r: None if r.url.startswith(("file:", "data:", "blob:"))
                else wrong.append(f"asked another machine: {r.url}"))
        page.goto(Path(path).as_uri())
        page.evaluate("() => window.MathJax?.startup?.promise")
        return page, wrong

    yield open_page
    context.close()


def test_the_site_has_every_page_of_the_contents(pages):
    text = (site.ROOT / "book" / "_toc.yml").read_text()
    contents = yaml.safe_load(text)
    names = {contents["root"]}
    for part in contents["parts"]:
        for chapter in part["chapters"]:
            names |= {chapter["file"], *(s["file"] for s in chapter.get("sections", []))}
    built = {page.relative_to(site.SITE).with_suffix("").as_posix() for page in pages}
    assert names <= built, f"not built: {names - built}"
    assert not any(page.startswith("solutions/") for page in built)


def test_no_solution_is_on_the_students_site(pages):
    """Neither the answers to exercises, which the chapters do have, nor those of the labs."""
    sources = "".join(path.read_text() for path in (site.ROOT / "book").glob("*.ipynb"))
    assert "{solution" in sources
    signs = ('<div class="solution', "BEGIN SOLUTION", "BEGIN HIDDEN")
    shown = [page for page in pages if any(sign in page.read_text() for sign in signs)]
    assert not shown


def test_launch_buttons_only_with_an_address(pages):
    config = yaml.safe_load((site.ROOT / "book" / "_config.yml").read_text())
    has_buttons = any("btn-launch" in page.read_text() or "colab.research" in page.read_text()
                      for page in pages)
    assert has_buttons == bool(config["repository"]["url"])


def test_the_first_page(pages, open_page):
    page, wrong = open_page(site.SITE / "book" / "glossary.html")
    page.goto((site.SITE / "index.html").as_uri())
    page.wait_for_url("**/book/welcome.html")
    assert page.locator("article h1").inner_text().startswith("Welcome")
    assert not wrong


def test_every_page(pages, open_page):
    """Each page on a desktop, then the same page as narrow as a phone."""
    problems = {}
    for path in pages:
        page, wrong = open_page(path)
        wrong += [f"raw TeX or a formula error: {tex}" for tex in page.evaluate(RAW_TEX)]
        for device, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_function("() => [...document.images].every(i => i.complete)")
            wrong += [f"{device}: broken picture {src}" for src in page.evaluate(BROKEN_PICTURES)]
            wrong += [f"{device}: too wide {element}" for element in page.evaluate(TOO_WIDE)]
            cells = {"desktop": ".cell_input pre, .cell_output pre", "phone": ".cell_input pre"}
            wrong += [f"{device}: cut {line}" for line in page.evaluate(CUT, cells[device])]
            page.wait_for_timeout(50)  # the page has seen its new size
            wrong += [f"{device}: cut formula {tex}" for tex in page.evaluate(CUT_FORMULA)]
        wrong += [f"no alternative text: {src}" for src in page.evaluate(NO_ALT)]
        wrong += [f"no caption: {alt}" for alt in page.evaluate(NO_CAPTION)]
        wrong += [f"not linked to itself: {src}" for src in page.evaluate(NOT_LINKED)]
        wrong += [f"prints in two boxes: {text}" for text in page.evaluate(SPLIT)]
        if wrong:
            problems[path.relative_to(site.SITE).as_posix()] = wrong
        page.close()
    assert not problems


def test_a_phone_folds_long_code(open_page, pages):
    page, wrong = open_page(site.SITE / "book" / "02_dcgan.html")
    assert page.locator(".phone-code").count() == 0  # not on a desktop
    long = page.locator(".cell_input").first.evaluate("e => e.scrollHeight")
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 900})
    page.reload()
    folded = page.locator(".phone-code").first
    code = folded.locator(".cell_input")
    assert not code.is_visible()
    folded.locator("summary").click()
    assert code.is_visible() and code.evaluate("e => e.scrollHeight") > long / 2
    assert not wrong


def test_the_page_of_the_package_names_every_module(pages):
    text = (site.SITE / "book" / "api" / "index.html").read_text()
    for path in (site.ROOT / "ganedu").rglob("*.py"):
        if path.stem != "__main__":
            parts = path.relative_to(site.ROOT).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            assert name == "ganedu" or f"#module-{name}\"" in text, name


def test_formulas_are_drawn(pages, open_page):
    """At least one page has formulas, and MathJax from the site itself has set them."""
    with_math = [path for path in pages if 'class="math' in path.read_text()]
    assert with_math, "no page of the book has a formula"
    page, _ = open_page(with_math[0])
    assert page.locator("mjx-container").count() > 0


def test_search_finds_a_word(pages, open_page):
    page, wrong = open_page(site.SITE / "search.html")
    page.goto((site.SITE / "search.html").as_uri() + "?q=discriminator")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a").count() > 1
    assert not wrong


@pytest.mark.parametrize("word", ["latent", "WGAN", "glossary"])
def test_search_names_a_page_once(pages, open_page, word):
    """The entry of the glossary, where the link leads to the entry, and not its page again."""
    page, wrong = open_page(site.SITE / "search.html")
    page.goto((site.SITE / "search.html").as_uri() + f"?q={word}")
    page.wait_for_function("""() => /found|did not/i.test(
      document.querySelector('#search-results .search-summary')?.textContent || '')""")
    found = page.locator("#search-results > ul > li > a")
    named = [(link.get_attribute("href").split("#")[0].split("?")[0], link.inner_text())
             for link in found.all()]
    assert named and len(set(named)) == len(named)
    assert "Glossary" in [title for _, title in named]
    if word != "glossary":
        link = found.filter(has_text="Glossary").first.get_attribute("href")
        assert link.endswith(f"#term-{word}")
    assert not wrong


def test_welcome_shows_a_film_and_a_map(pages, open_page):
    """The film is an animation that loads quickly; each chapter has its card, with its lab."""
    with Image.open(site.ROOT / "book" / "images" / "digits.gif") as film:
        assert film.n_frames > 10
    assert (site.ROOT / "book" / "images" / "digits.gif").stat().st_size <= 300_000
    page, _ = open_page(site.SITE / "book" / "welcome.html")
    assert page.locator("article figure img[src*='digits.gif']").bounding_box()["y"] < 300
    contents = yaml.safe_load((site.ROOT / "book" / "_toc.yml").read_text())
    for chapter in contents["parts"][0]["chapters"]:
        card = page.locator(".sd-card").filter(
            has=page.locator(f"a[href='{Path(chapter['file']).name}.html']"))
        assert card.locator(f"a[href='../{chapter['sections'][0]['file']}.html']").count() == 1


def test_dark_mode(pages, open_page):
    page, wrong = open_page(site.SITE / "book" / "welcome.html")
    colour = "() => getComputedStyle(document.body).backgroundColor"
    seen = set()
    for _ in range(3):  # the button goes round light, dark and "as the system"
        page.locator("button.theme-switch-button:visible").first.click()
        seen.add((page.evaluate("() => document.documentElement.dataset.theme"),
                  page.evaluate(colour)))
    assert {theme for theme, _ in seen} == {"light", "dark"}
    assert len({colour for _, colour in seen}) == 2
    assert not wrong
