from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from offline.errors import StackFileError
from offline.stackfile import SECRET_PLACEHOLDER, StackConfig, read_stack

PROJECT = "name: plinth\nruntime: python\nstackConfigDir: stacks\n"

Read = Callable[..., StackConfig]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a stack file with this content, beside a project file with that."""

    def run(content: str | bytes, project: str | bytes = PROJECT, stack: str = "dev") -> StackConfig:
        (tmp_path / "stacks").mkdir()
        (tmp_path / "Pulumi.yaml").write_bytes(project if isinstance(project, bytes) else project.encode())
        (tmp_path / "stacks" / "Pulumi.dev.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_stack(tmp_path, stack)

    return run


def test_texts_stay_and_objects_become_compact_sorted_json(read: Read) -> None:
    config = read('config:\n  plinth:a: text\n  plinth:b: {z: [1, "x"], a: {c: null, b: true}}\n  aws:region: eu-west-1\n')
    assert config.project == "plinth"
    assert config.stack == "dev"
    assert config.secret_keys == frozenset()
    assert config.values == {"plinth:a": "text", "plinth:b": '{"a":{"b":true,"c":null},"z":[1,"x"]}', "aws:region": "eu-west-1"}


# What `pulumi config --json` says of the same line.
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3", "3"),
        ("+5", "5"),
        ("-7", "-7"),
        ("-0.0", "0"),
        ("3.0", "3"),
        ("1.50", "1.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0x1F", "31"),
        ("-0x1f", "-31"),
        ("0x", "0x"),
        ("1.0e-7", "1e-7"),
        ("6.02E+23", "6.02e+23"),
        ("123456789.123456789", "123456789.12345679"),
        ('"007"', "007"),
        ("!!str 3", "3"),
        ("true", "true"),
        ("TRUE", "true"),
        ("False", "false"),
        ("tRUE", "tRUE"),
        ("~", ""),
        ("NULL", ""),
        ('""', ""),
        ('"2024-01-02"', "2024-01-02"),
        ("{}", "{}"),
        ("[]", "[]"),
        ("[1.0e-7, 1.0e+20, 1.0e+21, -0.0, 9999999999999999999]", "[1e-7,100000000000000000000,1e+21,0,10000000000000000000]"),
        ('["<&>", é, "yes", TRUE, ~]', '["\\u003c\\u0026\\u003e","é","yes",true,null]'),
        ("{1: one, 'true': t, '1.50': x}", '{"1":"one","1.50":"x","true":"t"}'),
        ("²", "²"),
    ],
)
def test_a_value_is_read_as_the_cli_reads_it(read: Read, written: str, expected: str) -> None:
    assert read(f"config:\n  plinth:a: {written}\n").values == {"plinth:a": expected}


@pytest.mark.parametrize("written", ["yes", "0755", "08", "1_000", "12:30:45", "2024-01-02", "1e5", ".inf", "[n]"])
def test_what_readers_of_yaml_take_for_different_things_is_refused_with_its_place_and_cure(read: Read, written: str) -> None:
    with pytest.raises(StackFileError, match=r"Pulumi\.dev\.yaml:2:1[34]: .* to some readers of YAML and not to others; .*quotes"):
        read(f"config:\n  plinth:a: {written}\n")


def test_a_small_file_that_stands_for_a_huge_one_is_refused_at_once(read: Read) -> None:
    levels = "".join(f"  plinth:l{number}: &l{number} [{', '.join([f'*l{number - 1}'] * 9)}]\n" for number in range(1, 9))
    with pytest.raises(StackFileError, match="holds more than 100,000 values"):
        read(f"config:\n  plinth:l0: &l0 [x]\n{levels}")


def test_a_block_text_keeps_its_lines(read: Read) -> None:
    assert read("config:\n  plinth:a: |\n    x\n    y\n").values["plinth:a"] == "x\ny\n"


def test_anchors_and_merged_mappings_are_followed_and_own_keys_win(read: Read) -> None:
    config = read("config:\n  plinth:a: &a {x: 1, z: 1}\n  plinth:b: {<<: *a, z: 2}\n  plinth:c: {<<: [{x: 3}, *a]}\n")
    assert json.loads(config.values["plinth:b"]) == {"x": 1, "z": 2}
    assert json.loads(config.values["plinth:c"]) == {"x": 3, "z": 1}


def test_a_key_without_namespace_belongs_to_the_project_and_the_old_form_has_a_config_in_it(read: Read) -> None:
    assert read("config:\n  region: a\n  aws:config:region: b\n").values == {"plinth:region": "a", "aws:region": "b"}


def test_a_secret_is_named_and_not_shown_also_where_it_is_nested(read: Read) -> None:
    config = read(
        "config:\n  plinth:top: {secure: v1:abc}\n  plinth:deep: {list: [{secure: v1:abc}], other: 1}\n"
        "  plinth:plain: {secure: v1:abc, other: 1}\n  plinth:number: {secure: 5}\n"
    )
    assert config.secret_keys == {"plinth:top", "plinth:deep"}
    assert config.values["plinth:top"] == SECRET_PLACEHOLDER
    assert json.loads(config.values["plinth:deep"]) == {"list": [SECRET_PLACEHOLDER], "other": 1}
    assert config.values["plinth:plain"] == '{"other":1,"secure":"v1:abc"}'
    assert config.values["plinth:number"] == '{"secure":5}'


@pytest.mark.parametrize("content", ["", "# only a comment\n", "config:\n", "config: {}\n", "encryptionsalt: v1:x\nenvironment: []\n"])
def test_a_file_that_configures_nothing_is_empty(read: Read, content: str) -> None:
    assert read(content).values == {}


def test_byte_order_mark_and_windows_line_ends_do_no_harm(read: Read) -> None:
    assert read(b"\xef\xbb\xbfconfig:\r\n  plinth:a: 1\r\n").values == {"plinth:a": "1"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("config:\n  plinth:a: 1\n  plinth:a: 2\n", "Pulumi.dev.yaml:3:3: the key 'plinth:a' stands here twice"),
        ("config:\n  plinth:a: {x: [{z: 1, z: 2}]}\n", "the key 'z' stands here twice"),
        ("config:\n  plinth:a: 1\n  a: 2\n", "the key 'plinth:a' stands here twice, with and without its namespace"),
        ("config: [a]\n", "'config' is a list; allowed is a mapping of keys such as plinth:environment"),
        ("- a\n", "holds a list; allowed is a mapping"),
        ("abc\n", "holds a text; allowed is a mapping"),
        ("confg: {}\n", "unknown key 'confg'; allowed are config, "),
        ("config:\n  a:b:c: 1\n", "'a:b:c' is not a configuration key; allowed is <namespace>:<name>"),
        ("config:\n  '': 1\n", "'' is not a configuration key"),
        ("config:\n  [a]: 1\n", "a key is not a text; allowed are texts"),
        ("config:\n  ~: 1\n", "the key ~ is not a text; put it in quotes"),
        ("config:\n\tplinth:a: 1\n", "Pulumi.dev.yaml:2:1: is not valid YAML"),
        ("config: [\n", "is not valid YAML"),
        ('config:\n  plinth:a: "x\n', "is not valid YAML"),
        ("config:\n  plinth:a: *x\n", "the alias *x names nothing"),
        ("config:\n  plinth:a: !secret x\n", "the tag !secret is not allowed here"),
        ("config:\n  plinth:a: {<<: 1}\n", "<< merges mappings; allowed is"),
        ("config: {}\n---\nconfig: {}\n", "a second document (---) is not allowed here"),
        ("config:\n  plinth:a: .inf\n", ".inf is a number that no configuration can hold to some"),
        ("config:\n  plinth:a: &a [*a]\n", "the alias *a stands inside of what it names"),
        ("config:\n  plinth:a: " + "[" * 5000, "is nested more than 100 levels deep"),
        ("environment: [production]\n", "'environment' names environments of Pulumi ESC"),
        (b"\x80\x81", "is not a text in UTF-8: byte 0 cannot be read"),
        (b"config: \x00", "is not valid YAML: it holds a character"),
    ],
)
def test_a_mistake_in_the_stack_file_is_one_clear_message(read: Read, content: str | bytes, message: str) -> None:
    with pytest.raises(StackFileError) as caught:
        read(content)
    assert message in str(caught.value)
    assert "Pulumi.dev.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("project", "message"),
    [
        ("", "'name' is missing"),
        ("runtime: python\n", "'name' is missing"),
        ("name: 5\n", "'name' is 5; allowed are letters"),
        ("name: 'a b'\n", "'name' is 'a b'; allowed are letters"),
        ("- a\n", "holds a list"),
        ("name: plinth\nstackConfigDir: [a]\n", "'stackConfigDir' is a list; allowed is the path of a folder"),
        (PROJECT + "config: text\n", "'config' is a text"),
        (b"\xff\xfe", "is not a text in UTF-8"),
    ],
)
def test_a_mistake_in_the_project_file_is_one_clear_message(read: Read, project: str | bytes, message: str) -> None:
    with pytest.raises(StackFileError, match=r"Pulumi\.yaml: ") as caught:
        read("config: {}\n", project)
    assert message in str(caught.value)


def test_a_project_without_folder_for_stacks_has_them_beside_its_file(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: other\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {a: 1}\n")
    assert read_stack(tmp_path, "dev").values == {"other:a": "1"}


def test_a_missing_project_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match=r"Pulumi\.yaml: there is no such file"):
        read_stack(tmp_path, "dev")


@pytest.mark.parametrize("stack", ["devv", "../dev", "", "de v", "dev/x"])
def test_an_unknown_stack_is_refused_with_the_known_ones(read: Read, stack: str) -> None:
    with pytest.raises(StackFileError, match=r"unknown stack .*known stacks are dev$"):
        read("config: {}\n", stack=stack)


def test_a_slip_in_the_stacks_name_gets_a_suggestion(read: Read) -> None:
    with pytest.raises(StackFileError, match=r"did you mean 'dev'\?"):
        read("config: {}\n", stack="devv")


def test_without_any_stack_the_message_says_so(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: other\n")
    with pytest.raises(StackFileError, match="known stacks are none"):
        read_stack(tmp_path, "dev")


def test_a_folder_in_place_of_a_file_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: other\n")
    (tmp_path / "Pulumi.dev.yaml").mkdir()
    with pytest.raises(StackFileError, match="cannot be read: Is a directory"):
        read_stack(tmp_path, "dev")
