"""Settings of the site. `course build site` copies this folder and the stored notebooks together and calls Sphinx."""

import html
import json
from pathlib import Path

from docutils import nodes

from course_utils.tooling import formulas

project = "Image classification with deep learning, hands on"
author = copyright = "the authors of the course"
extensions = ["myst_nb"]
html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_sidebars = {"search": ["navbar-logo.html", "sbt-sidebar-nav.html"]}  # that page has a box of its own
html_theme_options = {
    "navbar_persistent": [],  # one box to search with, in the sidebar
    "use_download_button": True,
    "extra_footer": '<p>Code: MIT. Texts and figures: CC BY 4.0. Pictures: see <a href="data.html">data</a>.</p>',
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_last_updated_fmt = None  # the same notebooks give the same pages
nb_execution_mode = "off"  # the outputs are those that the notebooks store
nb_ipywidgets_js = {}  # widgets are not alive on a page, and their scripts would come from the network
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_code_prompt_show = "Show the code that draws"
nb_code_prompt_hide = "Hide the code that draws"
suppress_warnings = ["mystnb.unknown_mime_type"]


def setup(app):
    """Formulas as MathML: Sphinx's own way loads a script from the network."""

    def draw(block):
        def visit(translator, node):
            drawn = formulas.to_mathml(node.astext(), block=block)
            # A wide formula scrolls by itself on a telephone, by keyboard too.
            translator.body.append(f'<div class="formula" tabindex="0">{drawn}</div>' if block else drawn)
            raise nodes.SkipNode

        return visit

    app.add_html_math_renderer("mathml", (draw(False), None), (draw(True), None))
    app.config.html_math_renderer = "mathml"

    # A page opened from a folder may not read other pages, so the search gets their words, to quote, as a script.
    texts = {}

    def keep_text(app, name, _template, _context, doctree):
        if doctree is not None:
            raw = {id(text) for node in doctree.findall(nodes.raw) for text in node.findall(nodes.Text)}
            words = " ".join(text.astext() for text in doctree.findall(nodes.Text) if id(text) not in raw)
            texts[name] = f'<div role="main">{html.escape(" ".join(words.split()))}</div>'
        if name == "search":
            for script in ("texts.js", "snippets.js"):
                app.add_js_file(script)

    def write_texts(app, error):
        if error is None:
            script = f"const TEXTS = {json.dumps(texts, sort_keys=True)};\n"
            (Path(app.outdir) / "_static" / "texts.js").write_text(script, encoding="utf-8")

    app.connect("html-page-context", keep_text)
    app.connect("build-finished", write_texts)
