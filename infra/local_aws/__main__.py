"""`python -m infra.local_aws`: runs the local AWS in the foreground until it gets a signal."""

import argparse
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

from . import account
from .glue.runtime import Runtime
from .memory import give_back, share_one_heap
from .patching import MotoChanged
from .private import keep_private
from .room import is_full

HOSTS = ("127.0.0.1", "0.0.0.0")  # noqa: S104  the second only on request


def _runtime(text: str) -> tuple[str, Runtime]:
    version, separator, python = text.partition("=")
    if not (version and separator and python):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form VERSION=PYTHON")
    try:
        runtime = Runtime.of(Path(python))
        runtime.spark_home()
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return version, runtime


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=f"python -m {__package__}",
        description="AWS on this machine: S3 on disk, Glue jobs and crawlers that run, and Redshift SQL that executes. "
        "Point any AWS SDK at it with AWS_ENDPOINT_URL and any credentials.",
    )
    parser.add_argument(
        "--host",
        choices=HOSTS,
        default=HOSTS[0],
        help="0.0.0.0 listens on every network of this machine, or container: anyone who can reach it has full access "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name that clients use for this server, with the names below it, besides 127.0.0.1 and localhost; "
        "repeatable. Requests for other hosts and from web pages of other servers are refused",
    )
    parser.add_argument("--port", type=int, default=4566, help="0 picks a free port (default: %(default)s)")
    parser.add_argument("--state-dir", type=Path, required=True, help="directory of all state that survives restarts")
    parser.add_argument(
        "--messages-dir",
        type=Path,
        help="folder of the messages to SNS topics, one file each (default: sns below the state directory)",
    )
    parser.add_argument("--warehouse-port", type=int, default=0, help="port of the Redshift stand-in (default: free)")
    parser.add_argument(
        "--workgroup",
        metavar="NAME",
        help="the only workgroup of Redshift Serverless; others do not exist (default: any name is the warehouse)",
    )
    parser.add_argument("--no-warehouse", action="store_true", help="don't start the Redshift stand-in")
    parser.add_argument(
        "--glue-python",
        action="append",
        default=[],
        type=_runtime,
        metavar="VERSION=PYTHON",
        help="run Glue jobs of that GlueVersion with this Python and its pyspark, as in 6.0=/opt/glue6/bin/python; "
        "repeatable (default: this Python for all versions)",
    )
    parser.add_argument(
        "--provision",
        metavar="MODULE:FUNCTION",
        help=f"create the resources that a function of yours returns ({__package__}.provision.Resources) before "
        "reporting ready",
    )
    parser.add_argument("--ready-file", type=Path, help="JSON file with url and pid, written once the server responds")
    return parser.parse_args()


def _provision(url: str, function: str) -> None:
    """Runs in a separate process, because boto3's models of six services would stay in this one's memory."""
    command = [sys.executable, "-m", f"{__package__}.provision", url, function]
    # in a new session, because Ctrl+C ends this process, which then waits for the other one
    result = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, start_new_session=True)
    if result.returncode:
        sys.exit(f"local AWS: the resources of {function} could not be created")


def _print(text: str) -> None:
    """Writes to standard output. Ignores errors: if it is a file on a full disk, that is no reason to end."""
    with contextlib.suppress(OSError):
        os.write(1, text.encode())


def main() -> None:
    """Runs the server until SIGTERM or SIGINT."""
    arguments = _arguments()
    keep_private()
    share_one_heap()
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"  # otherwise pages of any server could read every response
    try:
        account.use()
    except account.InvalidAccount as error:
        sys.exit(f"local AWS: {error}")
    # imported here because --help must not take the seconds that moto needs
    from .server import Server

    warehouse_port = None if arguments.no_warehouse else arguments.warehouse_port
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    runtimes = dict(arguments.glue_python)
    try:
        server = Server(
            arguments.state_dir,
            arguments.port,
            warehouse_port,
            arguments.host,
            runtimes,
            arguments.messages_dir,
            arguments.allow_host,
            arguments.workgroup,
        )
    except (account.OtherAccount, MotoChanged) as error:
        sys.exit(f"local AWS: {error}")
    except (OSError, sqlite3.Error) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            sys.exit(f"local AWS: another local AWS uses {arguments.state_dir}: stop it, or choose another directory")
        if not is_full(error):
            raise
        sys.exit(f"local AWS: the disk of {arguments.state_dir} is full ({error}): free some space, and start it again")
    try:
        server.start()
        if arguments.provision:
            _provision(server.url, arguments.provision)
        _ = server.warehouse_dsn  # waits for it, and fails if it does not start
        give_back()
        _print(f"local AWS ready at {server.url} (state in {arguments.state_dir})\n")
        if arguments.ready_file:
            server.write_ready_file(arguments.ready_file)
        stop.wait()
    finally:
        server.close()


if __name__ == "__main__":
    main()
