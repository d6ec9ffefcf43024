"""Make the built pages stand alone: opened from a disk, without a network.

MathJax is served from the site itself.  Two things that Jupyter Book and its theme put on
every page are taken out again: the request to load fonts ahead, which browsers refuse, with an
error, for pages opened from a disk (they load them all the same when the style sheet names
them), and thebe, which would run code on a public server and is declared twice.
"""

import re
import shutil
from pathlib import Path

TAKEN_OUT = re.compile(
    r'<link rel="preload" as="font"[^>]*>\s*'
    r'|<link [^>]*href="[^"]*sphinx-thebe\.css[^>]*>\s*'
    r'|<script>const THEBE_JS_URL.*?</script>\s*'
    r'|<script [^>]*src="[^"]*sphinx-thebe\.js[^>]*></script>\s*'
    r'|<script type="text/x-thebe-config">.*?</script>\s*',
    re.DOTALL,
)


def use_own_mathjax(app, config):
    config.mathjax_path = "mathjax/es5/tex-mml-chtml.js"


def finish(app, exception):
    if exception is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    shutil.copytree(Path(app.srcdir, "mathjax"), out / "_static" / "mathjax", dirs_exist_ok=True)
    for page in out.rglob("*.html"):
        page.write_text(TAKEN_OUT.sub("", page.read_text("utf-8")), "utf-8")


def setup(app):
    app.connect("config-inited", use_own_mathjax)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
