"""What the values of a YAML text mean and where they stand; limits are in test_bad_input."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hcgen.files.yamlio import YamlFault, parse


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("~", None), ("", None), ("null", None), ("Null", None), ("nULL", "nULL"), ("'~'", "~"), ("nullx", "nullx"),
        ("true", True), ("YES", True), ("Off", False), ("tRUE", "tRUE"), ('"no"', "no"), ("y", "y"), ("ono", "ono"),
        ("0", 0), ("-12", -12), ("+1_000", 1000), ("007", "007"), ("0x1F", "0x1F"), ("1:30", "1:30"),
        ("9" * 31, "9" * 31),
        ("1.50", 1.5), (".5", 0.5), ("-.5", "-.5"), ("1.", "1."), ("1.5e+3", 1500.0), ("1.5e3", "1.5e3"),
        (".inf", ".inf"),
        ("2026-05-01", "2026-05-01"), ("!!str 5", "5"), ("!!int 5", 5), ("!!float -.5", -0.5), ("! 5", 5),
        ("!x no", False),
        ("<<", "<<"), ("=", "="), ("|\n  on", "on\n"),
    ],
)  # fmt: skip
def test_a_value_means_what_writers_expect(written: str, meant: object) -> None:
    document = parse(f"a: {written}\n")
    assert document.value == {"a": meant}
    assert type(document.value["a"]) is type(meant)


WORDS = st.sampled_from(
    ["null", "true", "false", "yes", "no", "on", "off", "~", "1", ".", "_", "e", "+", "-", ":", "0x"]
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.one_of(WORDS, WORDS.map(str.title), WORDS.map(str.upper), st.text(max_size=2)), max_size=4))
def test_what_yaml_calls_a_text_is_the_text_and_nothing_else_is_guessed(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeEncodeError):
        return
    if not isinstance(node, yaml.ScalarNode) or node.style:
        return
    value = parse(text).value
    if node.tag == "tag:yaml.org,2002:str":
        assert value == node.value
    elif node.tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"):
        assert value == yaml.safe_load(text)
    else:
        assert value == node.value or float(str(value)) == float(node.value.replace("_", ""))


def test_every_path_has_its_line_and_every_scalar_its_text() -> None:
    document = parse("a: 1.10\n\nb:\n  - on\n  - c: 'x'\nd: &d [e]\nf: *d\n", 2)
    assert document.value == {"a": 1.1, "b": [True, {"c": "x"}], "d": ["e"], "f": ["e"]}
    assert document.raw == {
        ("a",): "1.10", ("b", 0): "on", ("b", 1, "c"): "x", ("d", 0): "e", ("f", 0): "e",
    }  # fmt: skip
    assert document.lines == {
        (): 2, ("a",): 2, ("b",): 4, ("b", 0): 5, ("b", 1): 6, ("b", 1, "c"): 6,
        ("d",): 7, ("d", 0): 7, ("f",): 8, ("f", 0): 7,
    }  # fmt: skip
    assert document.line(("b", 1, "none", "such")) == 6


def test_the_environment_is_read_only_where_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HCGEN_TEST_NAME", "hunter2")
    text = "a: !ENV HCGEN_TEST_NAME\nb: !ENV [HCGEN_TEST_NONE, HCGEN_TEST_NAME, c]\nc: !ENV [HCGEN_TEST_NONE, d]\n"
    assert parse(text, environment=True).value == {"a": "hunter2", "b": "hunter2", "c": "d"}
    assert "hunter2" not in repr(parse(text))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: " + "[" * 2000 + "]" * 2000, 1, "nested too deeply"),
        ("a:\n" + "".join(f"{'  ' * depth}- b:\n" for depth in range(1, 40)), 32, "nested too deeply"),
        ("a:\n" + "- b\n" * 50_000, 50_000, "too many values"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: 1\nb: {c: 1, c: 2}\n", 2, "stands here twice"),
    ],
)
def test_what_is_refused_names_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(YamlFault, match=says) as caught:
        parse(text)
    assert caught.value.line == line
    assert caught.value.remedy
