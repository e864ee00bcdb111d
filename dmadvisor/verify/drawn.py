"""Sets of patients drawn as diagrams, for what has to be worked out and not only searched."""

from dmadvisor.verify.columns import Column
from dmadvisor.verify.diagram import ALL, NONE, Diagram, Set
from dmadvisor.verify.space import Space


class Drawn:
    """The diagrams of one content: who can be, and whom a formula holds for."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.formulas = space.formulas
        self.diagram = Diagram(space.sizes)
        self._done: dict[int, Set] = {NONE: NONE, ALL: ALL}
        agreeing = map(self._agreeing, space.several)
        self.everybody = self.diagram.all(sorted(agreeing, key=self.diagram.level.__getitem__))
        """Everybody who answers each question with several answers in one way."""

    def __call__(self, formula: int) -> Set:
        """Whom a formula holds for."""
        if formula not in self._done:
            atom = self.formulas.atom(formula)
            if formula & 1:
                found = self.diagram.other(self(formula ^ 1))
            elif atom is not None:
                found = self.diagram.where(atom.variable, [atom.value])
            else:
                found = self.diagram.all([self(part) for part in self.formulas.parts(formula)])
            self._done[formula] = found
        return self._done[formula]

    def _agreeing(self, column: Column) -> Set:
        """Who can be: some answers are at least one, and without them there is none."""
        diagram = self.diagram
        some = diagram.where(column.first, [len(column.words)])
        chosen = diagram.any(diagram.where(v, [1]) for v in column.each.values())
        none = diagram.other(diagram.either(some, chosen))
        return diagram.either(diagram.both(some, chosen), none)
