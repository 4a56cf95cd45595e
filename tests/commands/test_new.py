"""`plainly new`: whatever is answered, what is written passes the real checker, or nothing is written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from plainly.run import ROOT
from tests.kb.folders import BASE, sound

HOSTILE = (
    'He said "no": {a: [b]} # and $name ${why} left',
    "- @home: it's 100 % `sure`? | > & * ! ~",
    "[a link](/nowhere) and <b>bold</b> and ![](x)",
    "back\\slash \\n \\u0041 and a \x07bell \u202eturned around",
    "null",
    "2026-01-31",
    "yes",
    "x" * 5_000,
    "We sell tea 🫖, жасмин and 茶.",
    "# 2.1 Another heading",
    "---",
)


def plainly(kb: Path, policy: str, *answers: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plainly.cli", "new", policy, "--kb", str(kb)]
    lines = "".join(f"{answer}\n" for answer in answers)
    return subprocess.run(
        command, cwd=ROOT, input=lines, capture_output=True, text=True, check=False, timeout=110, encoding="utf-8"
    )


def test_that_defaults_alone_make_a_sound_folder(tmp_path: Path) -> None:
    done = plainly(tmp_path / "kb", "gift_wrapping")
    assert (done.returncode, done.stderr) == (0, "")
    kb = sound(tmp_path / "kb")
    assert list(kb.policies) == ["gift_wrapping"]
    assert kb.policies["gift_wrapping"].title == "Gift wrapping"
    assert [path.name for path in tmp_path.iterdir()] == ["kb"]


def test_that_a_whole_outline_is_written_as_it_was_answered(tmp_path: Path) -> None:
    business = ["Oak & Ash", "We build tables.", "Build what lasts.", "person", "0113 496 0120", "hi@oak.example"]
    business += ["4 Mill Lane, Leeds", "08:00-16:00", "09:00-12:00", "", "Europe/Dublin", "EUR"]
    business += ["Guild of Joiners; Trusted Trade", "The workshop; Rosa Oak", "All are treated alike."]
    topics = ["You can send a table back for 30 days.", "", "We answer a complaint within 2 days.", ""]
    policy = [
        "Repairs",
        "We mend our tables.",
        "For ten years",
        "We mend a table for ten years.",
        "Keep tables in use.",
    ]
    policy += ["fair", "Wood can be mended.", "Your table lasts.", "2027-01-01", "Rosa"]
    (tmp_path / "kb").mkdir()
    done = plainly(tmp_path / "kb", "repairs", *business, *topics, *policy)
    assert done.returncode == 0, done.stdout
    kb = sound(tmp_path / "kb")
    shop = kb.business
    assert (shop.name, shop.currency, shop.memberships) == ("Oak & Ash", "EUR", ("Guild of Joiners", "Trusted Trade"))
    assert [channel.id for channel in shop.channels] == ["chat", "phone", "email", "post"]
    assert shop.channels[0].say == "A person answers in our opening hours."
    assert (shop.hours.week[5], 6 in shop.hours.week) == (("09:00", "12:00"), False)
    assert sorted(kb.policies) == ["complaints", "repairs", "returns"]
    assert kb.policies["returns"].clauses["1.1"].text == topics[0]
    repairs = kb.policies["repairs"]
    assert (repairs.title, repairs.owner, repairs.level) == ("Repairs", "Rosa", "explained")
    assert (repairs.clauses["1.1"].title, repairs.clauses["1.1"].text) == ("For ten years", policy[3])
    assert repairs.goal is not None
    assert (repairs.goal.say, repairs.goal.mission, repairs.helps_you) == (policy[4], "fair", "Your table lasts.")
    assert repairs.reasons[0].say == "Wood can be mended."
    assert repairs.history[0].starts == date(2027, 1, 1)


def test_that_a_folder_that_is_there_gets_one_policy_more_and_no_other_change(tmp_path: Path) -> None:
    kb = shutil.copytree(BASE, tmp_path / "kb")
    before = {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()}
    done = plainly(kb, "guests", "Guests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert sound(kb).policies["guests"].goal is not None
    new = {path for path in kb.rglob("*") if path.is_file()} - set(before)
    assert {path.relative_to(kb).as_posix() for path in new} == {"guests/policy.md", "guests/history.yml"}
    assert {path: path.read_bytes() for path in before} == before
    assert f"`plainly preview guests --kb {kb}`" in done.stdout


def test_that_a_new_policy_is_checked_among_the_others(tmp_path: Path) -> None:
    kb = shutil.copytree(BASE, tmp_path / "kb")
    right = "[Lending](/policies/lending#1.1) holds for guests, and so does [this](/policies/guests#1.1)."
    done = plainly(kb, "guests", "", "", "", "See [it](/policies/lendin).", right)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("There is no policy page") == 1
    assert sound(kb).policies["guests"].clauses["1.1"].text == right
    assert {path.name for path in tmp_path.iterdir()} == {"kb"}


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:20]))
def test_that_hostile_answers_are_written_as_words_or_asked_again(tmp_path: Path, hostile: str) -> None:
    kb = tmp_path / "kb"
    done = plainly(kb, "gift_wrapping", *[hostile, ""] * 30)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "gift_wrapping" in sound(kb).policies


def test_that_words_yaml_would_read_otherwise_stay_words(tmp_path: Path) -> None:
    said = 'null: "yes" # {no} $name'
    plainly(tmp_path / "kb", "gift_wrapping", said)
    assert sound(tmp_path / "kb").business.name == said


def test_that_an_answer_the_checker_refuses_is_told_and_asked_again(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path / "kb")
    answers = ["Guests", "", "", "See [this page](/nowhere).", "Guests are welcome.", "", "wealth", "", "", "", "soon"]
    done = plainly(tmp_path / "kb", "guests", *answers)
    assert "Please choose: " in done.stdout
    assert done.stdout.count("What does that rule say to the customer?") == 2
    policy = sound(tmp_path / "kb").policies["guests"]
    assert policy.clauses["1.1"].text == "Guests are welcome."


@pytest.mark.parametrize(
    ("policy", "says"),
    [("lending", "There is a policy “lending” in"), ("../x", "“../x” cannot name a policy."), ("Gift", "cannot name")],
)
def test_that_nothing_is_overwritten_and_no_name_leads_elsewhere(tmp_path: Path, policy: str, says: str) -> None:
    kb = shutil.copytree(BASE, tmp_path / "kb")
    before = {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()}
    done = plainly(kb, policy)
    assert done.returncode == 2
    assert says in done.stderr
    assert {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()} == before


def test_that_a_folder_with_errors_is_mended_first(tmp_path: Path) -> None:
    kb = shutil.copytree(BASE, tmp_path / "kb")
    (kb / "business.yml").write_text("name: Only this\n", encoding="utf-8")
    done = plainly(kb, "guests")
    assert done.returncode == 2
    assert done.stderr.startswith("plainly: business.yml:1: ")
    assert not (kb / "guests").exists()


def test_that_a_dead_link_of_another_policy_is_not_taken_for_the_new_ones(tmp_path: Path) -> None:
    kb = shutil.copytree(BASE, tmp_path / "kb")
    with (kb / "lending" / "policy.md").open("a", encoding="utf-8") as other:
        other.write("\n## 9.9 Elsewhere\nSee [this](/policies/nowhere).\n")
    done = plainly(kb, "guests")
    assert (done.returncode, done.stdout) == (2, "")
    assert "lending/policy.md" in done.stderr
    assert 'There is no policy page "nowhere".' in done.stderr


def test_that_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "plainly.cli", "new", "gift_wrapping", "--kb", str(tmp_path / "kb")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ}) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b"Oak & Ash\n")
        running.stdin.flush()
        shown = b""
        while b"What do you do?" not in shown:
            shown += running.stdout.read(1)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
        assert running.returncode != 0
    assert list(tmp_path.iterdir()) == []
