"""The server: moto's WSGI application, with all extensions installed and its state on disk."""

import functools
import importlib
import json
import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

from moto.glue.models import glue_backends
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from werkzeug.serving import BaseWSGIServer, make_server

from same_origin import WsgiGuard

from . import account, claims, persistence, stepfunctions
from .access import AccessMiddleware, AccessRequest, Guard, caller_of, listing, objects
from .access import patches as access
from .access.callers import Caller, InactiveKey, UnknownSession, User, forget_expired, signature
from .access.identities import of_user
from .cloudwatch import patches as cloudwatch
from .cloudwatch.alarms import Alarms
from .core import patches as core
from .errors import Failures
from .first_use import FirstUse
from .glue import patches as glue
from .glue.crawler_runs import CrawlerRunner
from .glue.jobs import JobRunner
from .glue.runtime import Runtime
from .glue.triggers import Triggers
from .http import Application, OwnServices, RequestHandler
from .private import private_folder
from .room import Later, write_whole
from .s3 import patches as s3
from .s3.lifecycle import Sweeper
from .sns import patches as sns

_LOG = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
_OF_THE_WAREHOUSE = ("redshift", "redshift-data", "redshift-serverless")
"""Services that need the warehouse, by their names in a signature."""


class Server:
    """One local AWS in this process. moto's state is global, so there can't be two in one process.

    Args:
        state_dir: directory of S3 objects, catalog, job runs, secrets and warehouse.
        port: 0 for a free one.
        warehouse_port: the port for Redshift's clients; 0 for a free one, None to leave the Redshift stand-in out.
        host: the address that both listen on: 127.0.0.1, or 0.0.0.0 for every network of this machine.
        runtimes: the runtime for Glue jobs of each GlueVersion; other versions run on this process's Python.
        messages_dir: folder of the messages to SNS topics, as files; by default below the state directory.
        hosts: names that clients may use for it, besides those of the loopback.
        workgroup: the only workgroup of Redshift Serverless; None accepts any name.
    """

    def __init__(
        self,
        state_dir: Path,
        port: int = 0,
        warehouse_port: int | None = 0,
        host: str = LOOPBACK,
        runtimes: Mapping[str, Runtime] | None = None,
        messages_dir: Path | None = None,
        hosts: Iterable[str] = (),
        workgroup: str | None = None,
    ) -> None:
        self._state_dir = state_dir.resolve()
        self._workgroup = workgroup
        private_folder(self._state_dir)
        core.install()
        self._later = Later()
        self._s3 = s3.install(self._state_dir / "s3")
        self._lifecycle = Sweeper(self._s3)
        self._state = persistence.StateStore(self._state_dir, self._later)
        access.install()
        self._guard = Guard(self._state_dir / "access.jsonl", self._later)
        self._warehouse: Future[Any] | None = None
        self._door: Any = None
        services = claims.SERVICES if warehouse_port is not None else claims.without_warehouse()
        saving_application = persistence.SavingApplication(Application(), self._state)
        self._own_services = OwnServices(saving_application)
        access_middleware = AccessMiddleware(claims.Refusals(self._own_services, services), self._guard)
        application = FirstUse(
            access_middleware, _OF_THE_WAREHOUSE, functools.partial(self._install_warehouse, access_middleware)
        )
        self._wsgi: BaseWSGIServer = make_server(
            host,
            port,
            WsgiGuard(Failures(application), hosts),
            threaded=True,
            request_handler=RequestHandler,
        )
        self._thread: threading.Thread | None = None
        self.port = self._wsgi.server_port
        self.url = f"http://{LOOPBACK}:{self.port}"
        folder = self._state_dir / "glue"
        save_glue = functools.partial(self._state.save, "glue")
        self._jobs = JobRunner(folder, self._s3, self.url, self._later, self._guard, runtimes or {})
        self._crawlers = CrawlerRunner(self._s3.disk, save_glue, self._guard)
        self._triggers = Triggers(save_glue)
        glue.install(glue.Runners(self._jobs, self._crawlers, self._triggers))
        stepfunctions.install(self.port)
        sns.install((messages_dir or self._state_dir / "sns").resolve())
        self._alarms = Alarms(functools.partial(self._state.save, "cloudwatch"))
        cloudwatch.install(self._alarms)
        self._state.load()
        account.require_own(_accounts(), self._state_dir)
        forget_expired()
        self._jobs.recover()
        self._crawlers.recover()
        if warehouse_port is not None:
            # PostgreSQL takes seconds to start; the other services respond meanwhile.
            start = functools.partial(self._start_warehouse, warehouse_port, host, tuple(hosts))
            self._warehouse = ThreadPoolExecutor(1).submit(start)

    @property
    def warehouse_dsn(self) -> str | None:
        """The libpq URL of the Redshift stand-in, once it responds; None if it was left out.

        Raises:
            WarehouseError: it does not start.
            OSError: its port is taken.
        """
        if self._warehouse is None:
            return None
        self._warehouse.result()
        return str(self._door.dsn)

    @property
    def postgresql_dsn(self) -> str | None:
        """The libpq URL of the PostgreSQL behind the Redshift stand-in, like `warehouse_dsn`."""
        return None if self._warehouse is None else str(self._warehouse.result().dsn)

    def start(self) -> None:
        """Handles requests, in a separate thread, until `close`. Those to the warehouse wait until it has started."""
        self._thread = threading.Thread(target=self._wsgi.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self._thread.start()
        self._lifecycle.start()
        self._alarms.start()
        self._triggers.start()

    def close(self) -> None:
        """Stops jobs, crawls and the warehouse, and saves the state."""
        if self._thread is not None:
            self._wsgi.shutdown()
            self._thread.join()
        self._wsgi.server_close()
        self._lifecycle.close()
        self._alarms.close()
        self._triggers.close()
        self._jobs.close()
        self._crawlers.close()
        try:
            self._state.save()
        except OSError:
            _LOG.exception("could not save the last changes")
        self._later.close()
        if self._warehouse is not None and self._warehouse.exception() is None:
            self._door.close()
            self._warehouse.result().stop()
        self._s3.close()

    def _start_warehouse(self, port: int, host: str, hosts: tuple[str, ...]) -> Any:
        redshift: ModuleType = importlib.import_module(".redshift", __package__)
        warehouse = redshift.Warehouse(self._state_dir)
        warehouse.start()
        try:
            credentials = redshift.CredentialStore(warehouse)
            self._door = redshift.Door(warehouse, self._services_of_statements, port, host, hosts, credentials)
        except OSError:
            warehouse.stop()
            raise
        self._door.start()
        return warehouse

    def _services_of_statements(self) -> Any:
        redshift: ModuleType = importlib.import_module(".redshift", __package__)
        catalog: ModuleType = importlib.import_module(".glue.catalog", __package__)
        return redshift.Services(
            functools.partial(_object_path, self._s3.object_path),
            functools.partial(_role_access, self._guard, catalog.SESSION, catalog.SERVICES),
            catalog.GlueCatalog(self._guard),
        )

    def _install_warehouse(self, middleware: AccessMiddleware) -> None:
        if self._warehouse is None:
            return
        redshift: ModuleType = importlib.import_module(".redshift", __package__)
        services = self._services_of_statements()
        warehouse = self._warehouse.result()
        endpoint = redshift.install_logins(
            warehouse, lambda: self._door.port, caller=_sender, workgroup=self._workgroup
        )
        self._own_services.by_signature["redshift-serverless"] = redshift.ServerlessApplication(endpoint)
        statements = redshift.install(
            warehouse,
            services.object_path,
            caller=_sender,
            role_access=services.role_access,
            catalog=services.catalog,
            workgroup=self._workgroup,
        )
        middleware.statement_owner = statements.owner

    def write_ready_file(self, path: Path) -> None:
        """Writes URL, pid and the warehouse's DSNs as JSON, atomically."""
        content = {
            "url": self.url,
            "port": self.port,
            "pid": os.getpid(),
            "warehouse_dsn": self.warehouse_dsn,
            "postgresql_dsn": self.postgresql_dsn,
        }
        write_whole(path, json.dumps(content).encode())


def _accounts() -> set[str]:
    """The accounts in the loaded state."""
    return {account for backends in (glue_backends, iam_backends, s3_backends) for account in backends}


def _sender(authorization: str) -> Any:
    """Who sent a request, as a user of the warehouse; None for the administrator."""
    identity: ModuleType = importlib.import_module(".redshift.credentials.identity", __package__)
    signed = signature(authorization)
    caller = caller_of(signed.access_key) if signed else None
    if caller is None:
        return None
    if isinstance(caller, Caller):
        return identity.Sender(f"IAMR:{caller.role}", caller.user_id)
    return identity.Sender(f"IAM:{caller.name}", of_user(caller).keys["aws:userid"])


def _object_path(object_path: Callable[[str], Path], uri: str) -> Path:
    """The file of an object. Raises LookupError if there is no such bucket."""
    bucket = uri.removeprefix("s3://").partition("/")[0]
    if bucket not in s3_backends[account.ID]["aws"].buckets:
        raise LookupError(bucket)
    return object_path(uri)


def _role_access(guard: Guard, session: str, services: tuple[str, ...], credentials: Any) -> Callable[[str, str], None]:
    """Checks Redshift's accesses to S3 as a role (its ARN), or as the owner of an access key."""

    def allow(action: str, uri: str) -> None:
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        request: AccessRequest = listing(bucket, prefix) if action == "s3:ListBucket" else objects(action, uri)
        if isinstance(credentials, str):
            guard.require_role(credentials, session, request, services=services)
        else:
            guard.require(_owner_of(credentials.id), [request], _KEYS_OF_REDSHIFT)

    return allow


_KEYS_OF_REDSHIFT = {"aws:SecureTransport": "true"}


def _owner_of(access_key: str) -> Caller | User | None:
    """The owner of an access key.

    Raises:
        PermissionError: the key is inactive, or its session is unknown or has expired.
    """
    try:
        return caller_of(access_key)
    except (UnknownSession, InactiveKey) as error:
        raise PermissionError("The security token included in the request is invalid or has expired") from error
