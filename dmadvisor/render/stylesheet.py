"""How a page looks on a phone, on a screen and on paper, in light and dark.

A colour is a name here: ink is written with, ground is written on. Any ink may stand on any
ground, in both schemes, so each of these pairs has the contrast that WCAG asks for (AA, 4.5 to 1).
"""

LIGHT = {
    "ground": "#ffffff",
    "ground-step": "#eef5f0",
    "ground-alarm": "#fdf0ef",
    "ink": "#1a1d21",
    "ink-quiet": "#4d545c",
    "ink-good": "#1b5e35",
    "ink-warn": "#744700",
    "ink-bad": "#a01818",
    "ink-link": "#0b5394",
}
DARK = {
    "ground": "#15181c",
    "ground-step": "#1a2620",
    "ground-alarm": "#331a1a",
    "ink": "#e8eaed",
    "ink-quiet": "#b3bac2",
    "ink-good": "#8fd6a8",
    "ink-warn": "#f0c274",
    "ink-bad": "#ffaba3",
    "ink-link": "#9cc7f5",
}

SCREEN = """\
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 46rem; color: var(--ink);
  background: var(--ground); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.4rem; line-height: 1.25; }
h2 { margin: 0 0 .4rem; font-size: 1.15rem; line-height: 1.3; }
header { padding-bottom: .6rem; border-bottom: 2px solid var(--ink); }
header p, li p, section p { margin: .25rem 0 0; }
section { margin: 1.5rem 0 0; }
ul, ol { margin: 0; padding: 0 0 0 1.3rem; }
li { margin: 0 0 .6rem; }
p + ul, p + ol { margin-top: .5rem; }
a { color: var(--ink-link); }
.step { padding: .8rem 1rem; border-left: .3rem solid var(--ink-good);
  background: var(--ground-step); }
.step h2 { font-size: 1.35rem; }
.alarm { padding: .8rem 1rem; border: 2px solid var(--ink-bad); background: var(--ground-alarm); }
.step li, .short li { margin-bottom: .25rem; }
.quiet, .label, .refs, .sources, header p { color: var(--ink-quiet); }
.good { color: var(--ink-good); }
.warn { color: var(--ink-warn); }
.bad { color: var(--ink-bad); }
.status { font-weight: 600; }
.refs { font-size: .85em; }
.sources { font-size: .875rem; padding-left: 1.9rem; }
.sources li { margin-bottom: .3rem; }
.ticks { list-style: none; padding: 0; }
.ticks > li { position: relative; padding-left: 1.7rem; }
.box { position: absolute; left: 0; top: .25rem; width: 1rem; height: 1rem;
  border: 2px solid var(--ink); }
.ticked::after { content: ""; position: absolute; left: .2rem; top: -.1rem; width: .3rem;
  height: .65rem; border: solid var(--ink); border-width: 0 2px 2px 0; transform: rotate(40deg); }
"""

PAPER = """\
@page { size: A4; margin: 9mm 11mm; }
@media print {
  body { max-width: none; padding: 0; font: 7.5pt/1.2 Arial, Helvetica, sans-serif; }
  h1 { font-size: 13pt; }
  h2, .step h2 { font-size: 9.5pt; margin-bottom: 1.5pt; break-after: avoid; }
  .step h2 { font-size: 11pt; }
  header { padding-bottom: 3pt; }
  header p, li p, section p { margin-top: 1pt; orphans: 2; widows: 2; }
  main { columns: 2; column-gap: 7mm; }
  section { margin-top: 5.5pt; }
  .alarm, .step, .wide { column-span: all; }
  .alarm, .step { padding: 4pt 7pt; margin-bottom: 2pt; print-color-adjust: exact; }
  ul, ol { padding-left: 11pt; }
  li { margin-bottom: 2pt; break-inside: avoid; }
  p + ul, p + ol { margin-top: 1pt; }
  .large p + ul { margin-top: 4pt; }
  .step li, .short li, .sources li { margin-bottom: 1pt; }
  .run-in p { display: inline; }
  .run-in p::before { content: " "; }
  .wide p { font-size: 6.5pt; line-height: 1.2; }
  .ticks > li { padding-left: 12pt; }
  .box { top: 1pt; width: 7pt; height: 7pt; border-width: 1px; }
  .ticked::after { left: 1.5pt; top: -1pt; width: 2pt; height: 5pt;
    border-width: 0 1.2px 1.2px 0; }
  .sources { padding: 0; font-size: 6.2pt; line-height: 1.15; columns: 2; column-gap: 7mm; }
  .sources li { display: inline; }
  .sources li::before { content: attr(value) ". "; font-weight: 700; }
  .sources li::after { content: " "; }
  a { color: inherit; text-decoration: none; }
  .large { font-size: 11pt; line-height: 1.35; }
  .large h1 { font-size: 17pt; }
  .large h2 { font-size: 13pt; }
  .large main { columns: 1; }
  .large section { margin-top: 10pt; }
  .large li { margin-bottom: 4pt; }
  .large .sources, .large .wide p { font-size: 8pt; }
  .large header p { color: var(--ink); }
}
"""


def _scheme(colours: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


def stylesheet() -> str:
    """The whole stylesheet; paper is always light."""
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_scheme(DARK)} }} }}"
    return f":root {{ color-scheme: light dark; {_scheme(LIGHT)} }}\n{dark}\n{SCREEN}{PAPER}"
