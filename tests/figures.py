"""Figures as they are written on paper, and the doses that are printed for a patient."""

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext

from dmadvisor.conditions import Facts
from dmadvisor.dosing import DosePrint, print_dose
from dmadvisor.model import Action
from tests.paths import content, read

Figures = tuple[Decimal, ...]

OPERATIONS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}
FUNCTIONS: Mapping[str, Callable[..., Decimal]] = {"min": min, "sqrt": lambda a: a.sqrt()}


def figures(text: str) -> Figures:
    """What a sum comes to, exactly: ``2*70/5``, or several, ``[min(0.5*45,60),min(1*45,60)]``."""
    body = ast.parse(text, mode="eval").body
    parts = body.elts if isinstance(body, ast.List) else [body]
    with localcontext(prec=28):
        return tuple(_figure(part, text) for part in parts)


def _figure(part: ast.expr, text: str) -> Decimal:
    match part:
        case ast.Constant():
            # As it is written: 0.1 is a tenth, and not the float that is nearest.
            return Decimal(ast.get_source_segment(text, part) or "")
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATIONS[type(op)](_figure(left, text), _figure(right, text))
        case ast.Call(func=ast.Name(id=name), args=args):
            return FUNCTIONS[name](*(_figure(each, text) for each in args))
    raise ValueError(f"no arithmetic: {text}")


def agree(found: Decimal, written: str) -> bool:
    """Whether a figure is the one that was written, to the decimals that were written."""
    return found.quantize(Decimal(written)) == Decimal(written)


def answers_of(text: str) -> dict[str, str]:
    """Answers as ``weight=70 egfr=45``."""
    return {id: answer for id, _, answer in (word.partition("=") for word in text.split())}


def dose(regimen: str, answers: str, action: Action = "start") -> DosePrint:
    """The dose of a regimen as it is printed for a patient with these answers alone."""
    facts = Facts(content(), read(answers_of(answers)))
    found = print_dose(content().regimen(regimen), facts, action)
    assert found is not None, f"{regimen} has no dose"
    return found
