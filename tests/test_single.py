"""One patient held against each rule: the sets of ``verify`` say the same of this patient."""

from collections.abc import Sequence
from itertools import islice

from dmadvisor.model import SafetyRule
from dmadvisor.verify.single import Held, hold
from dmadvisor.verify.situations import Stage
from dmadvisor.verify.visits import Visit
from tests.paths import content
from tests.patients import TODAY
from tests.test_verify import has, prover, some_patients, stage, values_of

EACH = 12
"""Every so many of the patients of test_verify: the sets take most of the time."""


def by_sets(rule: SafetyRule, here: Stage, who: Sequence[int]) -> Held:
    """What the sets say of one patient who came to a step."""
    if not any(has(about, who) for about in here.about(rule.when)):
        return "not about"
    return "broken" if has(here.breaking(rule), who) else "kept"


def test_sets_and_single_patients_agree_on_every_rule() -> None:
    """Rule by rule: kept, broken, or not about this patient."""
    differing = []
    for each in islice(some_patients(), 0, None, EACH):
        visit = Visit(content(), each.start, each.answers, TODAY)
        here = stage(visit.advice.tree.id, visit.advice.step.id)
        for id, (_, rule) in prover().rules.items():
            # Two answers are compared: that needs both patients, and is held below.
            if rule.then.worse:
                continue
            if hold(rule, visit) != by_sets(rule, here, values_of(each)):
                differing.append(f"{id}: {each}")
    assert not differing


def test_worse_news_makes_no_advice_milder() -> None:
    """The rules that compare answers from good to bad are about somebody, and are kept."""
    topics = [content().rule_set(id) for id in content().ids("RuleSetId")]
    worse = {id: rule for topic in topics for id, rule in topic.rules.items() if rule.then.worse}
    found: dict[str, set[Held]] = {id: set() for id in worse}
    for each in islice(some_patients(), 0, None, EACH):
        visit = Visit(content(), each.start, each.answers, TODAY)
        for id, rule in worse.items():
            found[id].add(hold(rule, visit))
    assert not [id for id, held in found.items() if "broken" in held]
    assert sum("kept" in held for held in found.values()) > len(found) / 2
