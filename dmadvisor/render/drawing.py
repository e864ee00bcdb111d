"""What every SVG picture is made of: its opening with title and description, and words in it."""

from xml.sax.saxutils import escape


def opening(title: str, described: str, width: int, height: int, style: str, kind: str) -> str:
    """The start of a picture that a screen reader can name, on a ground of its own."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="img" '
        f'aria-labelledby="title desc" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
        f'<title id="title">{escape(title)}</title>\n'
        f'<desc id="desc">{escape(described)}</desc>\n<style>{style}</style>\n'
        f'<rect class="g" width="{width}" height="{height}"/>\n'
    )


def text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    """One line of words."""
    kind = f' class="{style}"' if style else ""
    return f'<text x="{x:.6g}" y="{y:.6g}" text-anchor="{anchor}"{kind}>{escape(words)}</text>\n'
