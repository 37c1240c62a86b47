"""What HTML's elements and roles are to a reader: skipped, part of a line, controls, or parts that say what they are."""

SKIP = frozenset(["script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object", "embed", "canvas", "map", "area", "param", "source", "track", "input", "meta", "link", "frameset"])  # fmt: skip
INLINE = frozenset(["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "nobr", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img"])  # fmt: skip
CONTROLS = frozenset(["button", "input", "select", "textarea", "iframe", "video", "audio"])
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
BY_TAG = {
    "nav": "navigation",
    "footer": "footer",
    "aside": "aside",
    "form": "form",
    "button": "control",
    "select": "control",
    "textarea": "control",
    "fieldset": "form",
    "dialog": "dialog",
    "video": "player",
    "audio": "player",
    "menu": "navigation",
    "figure": "figure",
    "figcaption": "figure",
}
BY_ROLE = {
    "navigation": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
    "dialog": "dialog",
    "alertdialog": "dialog",
    "alert": "dialog",
    "menu": "navigation",
    "menubar": "navigation",
    "toolbar": "control",
    "tablist": "control",
    "button": "control",
    "form": "form",
    "tooltip": "dialog",
    "status": "dialog",
}
