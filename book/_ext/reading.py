"""Small things that make the built pages easier to read.

Each picture of a page is a link to itself, so that on a phone a tap shows it at full size, where
labels can be read and the browser zooms.  A formula in the text that is wider than its line scrolls
by itself, since MathJax does not break it.  On a phone, where nobody runs it and its lines wrap,
longer code is folded like the code that only draws; a tap opens it.  And the search names a page
once: Sphinx lists a glossary twice, for the entry and for the word in its text.
"""

import re
from pathlib import Path

LINK_OR_PICTURE = re.compile(
    r'<a\b[^>]*>.*?</a>|<img\b[^>]*\bsrc="([^"]*_images/[^"]+)"[^>]*>', re.DOTALL
)

# Results are [page, title, anchor, ...], the best one last.  Of two with one page and one title the
# better stays, which for a glossary is the entry itself.
ONCE = """
document.addEventListener("DOMContentLoaded", () => {
  const search = Search._performSearch;
  Search._performSearch = (...query) => {
    const seen = new Set();
    const first = ([page, title]) => !seen.has(page + title) && seen.add(page + title);
    return search(...query).reverse().filter(first).reverse();
  };
});
"""

# When formulas are set, and whenever the article's size changes (a solution opens, a phone turns).
FORMULAS = """
document.addEventListener("DOMContentLoaded", () => {
  const article = document.querySelector("article");
  const mark = () => article.querySelectorAll("mjx-container:not([display])").forEach(formula => {
    const line = formula.closest("p, li, dd, td, figcaption, div");
    const width = Math.max(formula.scrollWidth, formula.getBoundingClientRect().width);
    formula.classList.toggle("wide-formula", width > line.clientWidth);
  });
  window.MathJax?.startup?.promise?.then(() => new ResizeObserver(mark).observe(article));
});
"""

# As the page opens: a window that is made narrower later keeps what its reader sees.
CODE = """
document.addEventListener("DOMContentLoaded", () => {
  if (!matchMedia("(max-width: 600px)").matches) return;
  document.querySelectorAll(".cell > .cell_input").forEach(input => {
    const lines = input.innerText.trim().split("\\n").length;
    if (lines < 8) return;
    const fold = document.createElement("details");
    fold.className = "admonition hide above-input phone-code";
    fold.innerHTML = `<summary><p class="collapsed admonition-title">Show the code, ${lines} lines</p>
      <p class="expanded admonition-title">Hide the code</p></summary>`;
    input.replaceWith(fold);
    fold.append(input);
  });
});
"""


def link_to_itself(match):
    source = match.group(1)
    return match.group() if source is None else f'<a class="picture" href="{source}">{match.group()}</a>'


def finish(app, exception):
    if exception is None and app.builder.format == "html":
        for page in Path(app.outdir).rglob("*.html"):
            text = page.read_text("utf-8")
            page.write_text(LINK_OR_PICTURE.sub(link_to_itself, text), "utf-8")


def add_scripts(app, pagename, templatename, context, doctree):
    if pagename == "search":
        app.add_js_file(None, body=ONCE)
    elif "math notranslate" in context.get("body", ""):
        app.add_js_file(None, body=FORMULAS)
    if "cell_input" in context.get("body", ""):
        app.add_js_file(None, body=CODE)


def setup(app):
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
