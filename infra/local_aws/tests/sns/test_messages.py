"""Messages published to a topic are files that people can read, and their number is limited."""

from pathlib import Path
from typing import Any

import pytest

from infra.local_aws import LocalAws
from infra.local_aws.sns.messages import Messages
from infra.local_aws.tests.conftest import Client


@pytest.fixture
def topic(client: Client) -> tuple[Any, str]:
    sns = client("sns")
    return sns, sns.create_topic(Name="told")["TopicArn"]


def test_a_published_message_is_a_file_with_time_subject_and_message(topic: tuple[Any, str], server: LocalAws) -> None:
    sns, arn = topic
    folder = server.state_dir / "sns"
    earlier = set(folder.glob("*.txt"))  # the server is shared: other tests publish too
    for subject in ("first: ../it broke", "second"):
        sns.publish(TopicArn=arn, Subject=subject, Message="What:  an event of \x1b[31mMünchen\nThen:  run it again\n")
    first, second = sorted(set(folder.glob("*.txt")) - earlier)
    assert (first.name.endswith("Z-first-..-it-broke.txt"), second.name.endswith("Z-second.txt")) == (True, True)
    time, topic_name, subject, *message = first.read_text().splitlines()
    assert time.startswith("Time:    20")
    assert (topic_name, subject) == ("Topic:   told", "Subject: first: ../it broke")
    assert message == ["", r"What:  an event of \x1b[31mMünchen", "Then:  run it again"]
    assert first.stat().st_mode & 0o077 == 0


def test_a_message_to_a_topic_that_is_not_there_is_no_file(topic: tuple[Any, str], server: LocalAws) -> None:
    sns, arn = topic
    before = list((server.state_dir / "sns").glob("*"))
    with pytest.raises(sns.exceptions.NotFoundException):
        sns.publish(TopicArn=f"{arn}-not", Message="lost")
    assert list((server.state_dir / "sns").glob("*")) == before


def test_the_oldest_files_make_room_and_others_are_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    messages = Messages(tmp_path, limit=2)
    kept = [messages.keep("told", f"number {number}", "x") for number in range(4)]
    assert sorted(tmp_path.glob("*Z-*")) == kept[2:]
    assert other.read_text() == "mine"
