"""What the safety rules share: drugs by their dangers, and what a reader of an advice sees."""

from collections.abc import Iterable

from dmadvisor.document import advice_document
from dmadvisor.page import Document
from dmadvisor.render import plain
from tests.exploring import Explored
from tests.paths import content
from tests.patients import Patient

TERATOGENS = ("methotrexate", "mycophenolate", "cyclophosphamide", "tofacitinib", "baricitinib",
              "brepocitinib")  # fmt: skip
JAK = ("tofacitinib", "baricitinib", "brepocitinib")
UNSAFE_PREGNANCY = {"pregnant", "breastfeeding", "planning", "possible-no-contraception"}
SAME_DAY = {f for f in content().ids("RedFlagId") if content().red_flag(f).urgency == "same-day"}
NEVER = ("chlorambucil", "infliximab", "etanercept", "adalimumab", "leflunomide", "nintedanib",
         "abatacept")  # fmt: skip
GIVING = ("start", "increase", "continue")
SPARING = {"methotrexate", "mycophenolate", "azathioprine", "ivig", "rituximab", "tacrolimus",
           "ciclosporin", "cyclophosphamide"}  # fmt: skip
UNTREATED = {"none", "topical-only"}
FIX_FIRST = {"fix-first", "mend-first", "look-for-cancer"}
"""Steps that put something right before the next drug, and look again within 8 weeks."""
PRESSING = ("urgent", "same-day")
"""Referrals that are for the disease: a routine one only asks for an answer."""


def document(each: Patient) -> Document:
    """What a reader of this patient's advice sees."""
    return advice_document(content(), each.advice)


def wording(each: Patient) -> str:
    """The advice as plain text on endless lines."""
    return plain.render(document(each), 10**6)


def thinned(everyone: Iterable[Patient]) -> list[Patient]:
    """Every thirtieth patient and the first at each step: enough for what has to be printed."""
    seen: set[str] = set()
    found = []
    for number, each in enumerate(everyone):
        step = f"{each.advice.tree.id}/{each.advice.step.id}"
        if number % 30 == 0 or step not in seen:
            seen.add(step)
            found.append(each)
    return found


def ends_of(found: Explored) -> dict[str, str]:
    """The steps that somebody reaches, and how each ends."""
    steps = found.tree.steps
    return {str(spot): step.ends for spot, step in steps.items() if spot in found.patients}


def controlled(each: Patient) -> bool:
    """Whether the skin is clear, or in remission."""
    return each.said("response") == {"clear"} or "remission" in each.said("treatment-so-far")


def said_at_visit(each: Patient) -> str:
    """Sentences of step, reasons, checks, monitoring and review."""
    advice = each.advice
    parts = [advice.step.title, *advice.step.do, *advice.step.why]
    parts += [f"{watch.what}: {watch.when}" for watch in advice.monitoring]
    parts += [f"{check.title} {check.how} {check.why}" for check in advice.checks]
    parts += [flag.act for flag in advice.red_flags]
    return "\n".join(parts)


def failed_lines(each: Patient) -> int:
    """How many systemic lines failed or were not tolerated, reckoned by hand."""
    gone = each.said("tried") | each.said("not-tolerated")
    lines = [{drug} for drug in ("methotrexate", "mycophenolate", "azathioprine", "ivig",
                                 "rituximab", "cyclophosphamide")]  # fmt: skip
    return sum(bool(line & gone) for line in (*lines, {"tacrolimus", "ciclosporin"}, set(JAK)))
