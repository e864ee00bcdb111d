"""Answers that do not go together: refused in a script, asked again at the prompt."""

from decimal import Decimal

import pytest

from dmadvisor import model
from dmadvisor.answers import Answer
from dmadvisor.clashes import clash_words, clashes
from dmadvisor.prompt import Conversation, Quit, Talk
from tests.figures import answers_of
from tests.harness import advise
from tests.paths import Answers, content, read
from tests.patients import HEALTHY, TODAY
from tests.visits import FIRST_WEAKNESS

pytestmark = pytest.mark.usefixtures("compiled")

NEAR = Decimal("0.1")
POUNDS = {"weight": "154", "height": "163"}
"""70 kg typed as pounds."""

ODD = [
    ("weight=154 height=163", "the weight may be in pounds", "weight"),
    ("weight=30 height=170", "one of the numbers may be wrong", "weight"),
    ("weakness=yes muscle-work-up=normal ck=0.8", "every muscle test normal", "weakness"),
    ("weakness=no red-flags=severe-weakness", "strength on examination is normal", "weakness"),
    ("treatment-so-far=none taking=methotrexate", "a drug for the disease", "treatment-so-far"),
]
"""Answers that may be true together, with what is said and what confirms them."""

IMPOSSIBLE = [
    ("sex=male pregnancy=pregnant", "a man cannot be pregnant"),
    ("sex=male pregnancy=planning", "a man cannot be pregnant"),
    ("age=30 onset-age=45", "cannot have begun at a higher age"),
]


@pytest.mark.parametrize(("answers", "says", "confirm"), ODD)
def test_odd_answers_are_refused_unless_confirmed(answers: str, says: str, confirm: str) -> None:
    """The message names the answers, why, and how to confirm; confirmed, there is advice."""
    given = answers_of(answers)
    result = advise("classic", given)
    assert (result.code, result.out) == (2, "")
    assert says in result.err
    assert f"--confirm {confirm}" in result.err
    assert all(f"{id}={text}" in result.err for id, text in given.items())
    assert "Traceback" not in result.err
    assert advise("classic", given, "--confirm", confirm).code == 0


@pytest.mark.parametrize(("answers", "says"), IMPOSSIBLE)
def test_impossible_answers_are_refused(answers: str, says: str) -> None:
    """No confirmation helps, and none is offered."""
    given = answers_of(answers)
    for flags in ((), *(("--confirm", id) for id in given)):
        result = advise("classic", given, *flags)
        assert (result.code, result.out) == (2, "")
        assert says in result.err
        assert "--confirm" not in result.err


def test_another_confirmation_does_not_help() -> None:
    """Confirming the height says nothing of the weight."""
    assert advise("classic", POUNDS, "--confirm", "height").code == 2


def test_metres_are_no_centimetres() -> None:
    """1.63 is refused with the number that is meant."""
    result = advise("classic", {"height": "1.63", "weight": "60"})
    assert (result.code, result.out) == (2, "")
    assert "use 163" in result.err
    assert advise("classic", {"height": "1.63"}, "--confirm", "height").code == 2


@pytest.mark.parametrize(
    "answers",
    ["weight=70 height=163", "weight=154 height=190", "weight=120 height=180",
     "weight=45 height=150", "sex=male pregnancy=not-possible", "weight=154", "height=163",
     "weight=unknown height=163", "weakness=yes muscle-work-up=normal",
     "weakness=yes muscle-work-up=normal ck=5", "age=45 onset-age=45"],
)  # fmt: skip
def test_ordinary_answers_are_not_questioned(answers: str) -> None:
    """Heavy and tall, light and short, or not known: nothing to ask."""
    assert advise("classic", answers_of(answers)).code == 0


def test_a_confirmed_weight_is_dosed_as_given() -> None:
    """The program asks; it never converts."""
    result = advise("classic", FIRST_WEAKNESS | POUNDS, "--confirm", "weight")
    found = next(each for each in result.data["options"] if each["regimen"] == "prednisone")
    assert found["dose"]["high"] == 60
    assert "1 mg per kg x 154 kg = 154 mg" in found["dose"]["arithmetic"]


# -- at the prompt ---------------------------------------------------------------------------------


class Reader:
    """A clinician who gives these answers, and types lines of their own where one is asked."""

    def __init__(self, answers: Answers, question: str, lines: list[str]) -> None:
        self.answers = answers
        self.question = question
        self.lines = lines
        self.said: list[str] = []
        self.open = ""
        talk = Talk(self.read, self.hear, lambda _: None, 80)
        early: dict[str, Answer] = {id: a for id, a in answers.items() if id != question}
        self.conversation = Conversation(content(), "classic", early, {}, TODAY, talk)

    def hear(self, text: str, *_: str) -> None:
        """Keep what is said."""
        self.said.append(text)

    def read(self) -> str:
        """The next line of the clinician's; after the last the terminal is closed."""
        return f"{self.lines.pop(0)}\n" if self.lines else ""

    def run(self) -> str:
        """Hold the conversation; all that was said, on one line."""
        try:
            self.conversation.run()
        except Quit:
            self.said.append("QUIT")
        return " ".join("".join(self.said).split())


HEAVY = read(FIRST_WEAKNESS | POUNDS)


def test_the_prompt_asks_again() -> None:
    """154 kg at 163 cm: no, and the right weight is taken."""
    reader = Reader(HEAVY, "weight", ["154", "n", "70", "d"])
    said = reader.run()
    assert "weight=154 and height=163" in said
    assert "Is it right?" in said
    assert reader.conversation.answers["weight"].text == "70"


def test_the_prompt_takes_what_is_right() -> None:
    """154 kg at 163 cm: yes."""
    reader = Reader(HEAVY, "weight", ["154", "y", "d"])
    reader.run()
    assert reader.conversation.answers["weight"].text == "154"


def test_the_prompt_takes_nothing_impossible() -> None:
    """A man who is pregnant is asked again and never confirmed."""
    answers = read(FIRST_WEAKNESS | {"pregnancy": "pregnant"})
    reader = Reader(answers, "sex", [])
    with_it = {**reader.conversation.answers, "sex": read({"sex": "male"})["sex"]}
    assert not reader.conversation.fits("sex", with_it["sex"])
    said = " ".join("".join(reader.said).split())
    assert "a man cannot be pregnant" in said
    assert "Is it right?" not in said


# -- the content ---------------------------------------------------------------------------------


def passing(test: model.Test) -> str:
    """An answer that passes a test on a question: a word, or a number inside its bounds."""
    if test.bounds:
        low, high = test.bounds[0].low, test.bounds[0].high
        if low is not None and high is not None:
            return f"{(low + high) / 2:f}"
        return f"{(high or 0) - NEAR:f}" if low is None else f"{low + NEAR:f}"
    if not test.negated:
        return str(test.values[0])
    return next(a for a in content().question(test.fact).answers if a not in test.values)


@pytest.mark.parametrize("id", content().ids("ClashId"))
def test_every_clash_can_be_met(id: str) -> None:
    """Each part of its condition describes somebody; without one of these answers nobody."""
    clash = content().clash(id)
    for group in clash.when.any_of:
        answers = read({test.fact: passing(test) for test in group})
        assert clash in clashes(content(), answers, ())
        assert clash_words(content(), answers, clash).endswith(clash.say.removesuffix("."))
        for question in answers:
            less = {each: answer for each, answer in answers.items() if each != question}
            assert clash not in clashes(content(), less, ())


def test_a_healthy_patient_has_no_clash() -> None:
    """The patients of the other tests are possible."""
    known = {id: text for id, text in HEALTHY.items() if not id.endswith("-dose")}
    assert list(clashes(content(), read(known), ())) == []
    assert list(clashes(content(), read(FIRST_WEAKNESS), ())) == []
