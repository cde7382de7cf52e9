"""Glue's operations on triggers."""

from typing import Any

from moto.core.responses import ActionResult
from moto.glue.exceptions import AlreadyExistsException
from moto.glue.models import GlueBackend
from moto.glue.responses import GlueResponse
from moto.glue.utils import Action, Predicate

from .trigger_settings import check, invalid
from .triggers import Triggers


def create_trigger(self: GlueResponse) -> ActionResult:
    """CreateTrigger. Refuses a trigger that can't be fired here."""
    request: dict[str, Any] = self.parameters
    if request.get("Name") in self.glue_backend.triggers:
        raise AlreadyExistsException("Trigger")
    check(request, self.glue_backend)
    self.glue_backend.create_trigger(
        name=request["Name"],
        workflow_name="",
        trigger_type=request["Type"],
        schedule=request.get("Schedule", ""),
        predicate=Predicate(_completed(request["Predicate"])) if request.get("Predicate") else None,
        actions=[Action(action) for action in request["Actions"]],
        description=request.get("Description", ""),
        start_on_creation=request.get("StartOnCreation", False),
        tags=request.get("Tags") or {},
        event_batching_condition={},
    )
    return ActionResult({"Name": request["Name"]})


def update_trigger(self: GlueResponse) -> ActionResult:
    """UpdateTrigger changes the settings in the request and keeps the others."""
    trigger = self.glue_backend.get_trigger(self.parameters.get("Name"))
    update: dict[str, Any] = self.parameters.get("TriggerUpdate") or {}
    if update.get("Name") not in (None, trigger.name):
        raise invalid("A trigger cannot be renamed")
    check({**trigger.as_dict(), **update, "Type": trigger.trigger_type}, self.glue_backend)
    if "Description" in update:
        trigger.description = update["Description"]
    if "Schedule" in update:
        trigger.schedule = update["Schedule"]
    if "Actions" in update:
        trigger.actions = [Action(action) for action in update["Actions"]]
    if "Predicate" in update:
        trigger.predicate = Predicate(_completed(update["Predicate"]))
        trigger.met_conditions = None
    return ActionResult({"Trigger": trigger.as_dict()})


def _completed(predicate: dict[str, Any]) -> dict[str, Any]:
    """The predicate with Glue's defaults, which moto needs."""
    conditions = [{"LogicalOperator": "EQUALS", **condition} for condition in predicate["Conditions"]]
    return {"Logical": "AND", **predicate, "Conditions": conditions}


def start_trigger(self: GlueBackend, triggers: Triggers, name: str) -> None:
    """StartTrigger fires an on-demand trigger, and activates any other."""
    trigger = self.get_trigger(name)
    if trigger.trigger_type == "ON_DEMAND":
        triggers.fire(trigger)
        return
    if trigger.state != "ACTIVATED":
        trigger.met_conditions = None
    trigger.state = "ACTIVATED"


def stop_trigger(self: GlueBackend, name: str) -> None:
    """StopTrigger deactivates a trigger. An on-demand trigger can't be stopped."""
    trigger = self.get_trigger(name)
    if trigger.trigger_type == "ON_DEMAND":
        raise invalid(f"Trigger {name} is ON_DEMAND: it fires when it is started and cannot be stopped")
    trigger.state = "DEACTIVATED"
