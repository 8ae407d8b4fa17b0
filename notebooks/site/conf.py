"""Settings of the site. `course build site` copies this folder and the stored notebooks together and calls Sphinx."""

from docutils.nodes import SkipNode

from course_utils.tooling import formulas

project = "Image classification with deep learning, hands on"
copyright = "the authors of the course"
extensions = ["myst_nb"]
html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_theme_options = {
    "use_download_button": True,
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
suppress_warnings = ["mystnb.unknown_mime_type"]


def setup(app):
    """Formulas as MathML: Sphinx's own way loads a script from the network."""

    def draw(block):
        def visit(translator, node):
            drawn = formulas.to_mathml(node.astext(), block=block)
            # A wide formula scrolls by itself on a telephone, by keyboard too.
            translator.body.append(f'<div class="formula" tabindex="0">{drawn}</div>' if block else drawn)
            raise SkipNode

        return visit

    app.add_html_math_renderer("mathml", (draw(False), None), (draw(True), None))
    app.config.html_math_renderer = "mathml"
