"""Enables moto's interpreter of Step Functions' state machines, which is off by default.

This replaces nothing in moto. Without the interpreter, an execution stays RUNNING and its history is made up.
"""

import os

from moto.core.config import default_user_config


def install(port: int) -> None:
    """Executes state machines, for this whole process.

    Args:
        port: this server's port, for the tasks of a state machine. moto reads it from the environment.
    """
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    os.environ["MOTO_PORT"] = str(port)
