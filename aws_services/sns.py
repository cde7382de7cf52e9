"""Amazon SNS: sends messages to people."""

from __future__ import annotations

from typing import Any

from aws_services._session import asking, client

_SUBJECT_LENGTH = 100  # SNS: ASCII, one line, fewer than 100 characters
_MESSAGE_BYTES = 256 * 1024


class Sns:
    """Topics. May raise `NotFound` for a missing topic, `AccessDenied`, `Throttled`, `ServiceUnreachable`."""

    def __init__(self, sns_client: Any = None) -> None:
        self._client = sns_client or client("sns")

    def publish(self, topic_arn: str, subject: str, message: str) -> str:
        """Send a message to a topic's subscribers.

        Args:
            topic_arn: the topic.
            subject: shortened to what SNS accepts: one line of ASCII below 100 characters.
            message: shortened to 256 KiB of UTF-8.

        Returns:
            The message id.
        """
        line = " ".join(subject.encode("ascii", "replace").decode().split())[: _SUBJECT_LENGTH - 1] or "Boxoffice"
        body = message.encode("utf-8", "replace")[:_MESSAGE_BYTES].decode("utf-8", "ignore") or line
        with asking("Publish", topic_arn):
            return str(self._client.publish(TopicArn=topic_arn, Subject=line, Message=body)["MessageId"])
