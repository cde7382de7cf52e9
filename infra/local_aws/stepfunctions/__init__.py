"""Lets executions of Step Functions run: moto has an interpreter of state machines, which is off by default.

Nothing of moto is replaced. Without the interpreter an execution stays RUNNING and its history is made up.
"""

import os

from moto.core.config import default_user_config


def install(port: int) -> None:
    """Execute state machines, for this whole process.

    Args:
        port: this server's: the tasks of a state machine call it. moto reads it from the environment.
    """
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    os.environ["MOTO_PORT"] = str(port)
