"""A case file as YAML that a clinician can read: one answer a line, and every value quoted safely.

Written by hand rather than by a YAML library: the file is read as text, so that quoting is all that
has to be right.
"""

import re
import textwrap
from collections.abc import Mapping

from dmadvisor.casefile.records import CaseFile, Choice, GivenAdvice, GivenOption, Visit

WIDTH = 100

HEAD = """\
# A case file of dmadvisor: one patient's visits, from the first to the last.
# It may be corrected by hand; 'dmadvisor case replay FILE' shows what a correction changes.
# The label is a word of your own choosing: no name, no date of birth and no number in here.
"""

PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/()=+-]*[A-Za-z0-9._/()=+])?")
"""Text that means itself without quotes, also inside a list."""


def case_text(case: CaseFile) -> str:
    """A whole case file."""
    visits = "".join(visit_text(visit) for visit in case.visits)
    head = f"{HEAD}format: {case.format}\nlabel: {scalar(case.label)}\n"
    return head + (f"visits:\n{visits}" if visits else "visits: []\n")


def visit_text(visit: Visit) -> str:
    """One visit, as it stands under ``visits``."""
    content = {"version": visit.content.version, "sha256": visit.content.sha256}
    lines = [
        "",
        f"  - date: {visit.date}",
        f"    pathway: {scalar(visit.pathway)}",
        f"    content: {_flow(content)}",
        f"    program: {scalar(visit.program)}" if visit.program else "",
        *_block("answers", {id: _words(words) for id, words in visit.answers.items()}),
        *_block("carried", {id: str(day) for id, day in visit.carried.items()}),
        *_block("done", {id: str(day) for id, day in visit.done.items()}),
        f"    confirmed: {_list(visit.confirmed)}" if visit.confirmed else "",
        *_advice(visit.advice),
    ]
    body = "\n".join(line for number, line in enumerate(lines) if line or number == 0) + "\n"
    return body + (choices_text(visit.choices) if visit.choices else "")


def choices_text(choices: tuple[Choice, ...]) -> str:
    """What was chosen at a visit, as it stands last in it."""
    lines = ["    choices:"]
    for choice in choices:
        lines.append(f"      - {_flow({'regimen': choice.regimen, 'action': choice.action})}")
        lines[-1] = lines[-1].removesuffix("}") + f", reason: {scalar(choice.reason)}}}"
    return "\n".join(lines) + "\n"


def scalar(text: str) -> str:
    """Text as one YAML value on one line: plain where that is safe, else in single quotes."""
    return text if PLAIN.fullmatch(text) else "'" + text.replace("'", "''") + "'"


def _advice(advice: GivenAdvice) -> list[str]:
    lines = [
        "    advice:",
        f"      pathway: {scalar(advice.pathway)}",
        f"      step: {scalar(advice.step)}",
        f"      title: {scalar(advice.title)}",
        f"      referral: {advice.referral}",
        f"      ends: {advice.ends}" if advice.ends else "",
        f"      review-weeks: [{', '.join(map(str, advice.review_weeks))}]",
        "      options:" if advice.options else "",
        *(line for option in advice.options for line in _option(option)),
        f"      sha256: {scalar(advice.sha256)}" if advice.sha256 else "",
        *(_wrapped("      parts: ", _flow(advice.parts)) if advice.parts else ()),
    ]
    return [line for line in lines if line]


def _option(option: GivenOption) -> list[str]:
    lines = [
        f"        - regimen: {scalar(option.regimen)}",
        f"          action: {option.action}",
        f"          verdict: {option.verdict}",
        "          recommended: yes" if option.recommended else "",
        f"          group: {scalar(option.group)}" if option.group else "",
        f"          companion-of: {scalar(option.companion_of)}" if option.companion_of else "",
        f"          amount: {scalar(option.amount)}" if option.amount else "",
        *(_folded("          dose: ", option.dose) if option.dose else ()),
    ]
    return [line for line in lines if line]


def _folded(head: str, text: str) -> list[str]:
    """A long text over several lines."""
    return [head + scalar(text)] if text != text.strip() else _wrapped(head, scalar(text))


def _wrapped(head: str, text: str) -> list[str]:
    """YAML on several lines, which are joined with a space: where two stand, it stays one line."""
    if "  " in text:
        return [head + text]
    rest = " " * (len(head) - len(head.lstrip()) + 2)
    return textwrap.wrap(
        head + text, WIDTH, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _block(name: str, values: Mapping[str, str]) -> list[str]:
    if not values:
        return [f"    {name}: {{}}"] if name == "answers" else []
    return [f"    {name}:", *(f"      {scalar(key)}: {text}" for key, text in values.items())]


def _words(words: tuple[str, ...]) -> str:
    return scalar(words[0]) if len(words) == 1 else _list(words)


def _list(words: tuple[str, ...]) -> str:
    return f"[{', '.join(scalar(word) for word in words)}]"


def _flow(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {scalar(text)}" for key, text in values.items()) + "}"
