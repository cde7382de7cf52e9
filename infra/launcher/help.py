"""The texts that ./boxoffice can print without an environment: help for every command, and completion for shells.

`python -m infra.launcher.help --write` writes them from the command line's own declarations. `./boxoffice lint` fails
if they are out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from infra import terminal
from infra.launcher.app import PROGRAM, app

FOLDER = Path(__file__).with_name("help_texts")
COMMAND = "python -m infra.launcher.help --write"
_WIDTH = 100

_FISH_HEAD = "complete -c boxoffice -f -n __fish_use_subcommand -a {} -d '{}'"
_BASH = """\
# Completion of ./boxoffice for bash: source <(./boxoffice completion bash)
_boxoffice() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" words
  if [ "$COMP_CWORD" = 1 ]; then
    words='{commands}'
  else
    case "${{COMP_WORDS[1]}}" in
{cases}
    esac
  fi
  COMPREPLY=($(compgen -W "${{words:-}}" -- "$word"))
}}
complete -o default -o bashdefault -F _boxoffice boxoffice
"""
_ZSH = """\
# Completion of ./boxoffice for zsh: source <(./boxoffice completion zsh)
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
"""


def texts() -> dict[str, str]:
    """Every text, by the name of its file."""
    root: Any = typer.main.get_command(app)
    commands: dict[str, Any] = dict(sorted(root.commands.items()))
    with root.make_context(PROGRAM, [], resilient_parsing=True, terminal_width=_WIDTH) as context:
        help_texts = {"boxoffice.txt": f"{root.get_help(context)}\n"}
        words = {}
        for name, command in commands.items():
            with command.make_context(name, [], parent=context, resilient_parsing=True) as inner:
                help_texts[f"{name}.txt"] = _help(command, inner)
                words[name] = sorted(_words(command, inner))
    bash = _bash(words)
    return help_texts | {
        "completion.bash": bash,
        "completion.zsh": _ZSH + bash.partition("\n")[2],
        "completion.fish": _fish(commands, words),
    }


def _help(command: Any, context: Any) -> str:
    """The help of a command, followed by the help of its own commands if it has any."""
    text = f"{command.get_help(context)}\n"
    for name, inner in getattr(command, "commands", {}).items():
        with inner.make_context(name, [], parent=context, resilient_parsing=True) as inner_context:
            text += f"\n\n{inner.get_help(inner_context)}\n"
    return text


def _words(command: Any, context: Any) -> set[str]:
    """The words that may follow a command: its options, and the values of options with a fixed set of values."""
    words = {"--help"}
    for parameter in command.params:
        words |= {option for option in parameter.opts if option.startswith("--")}
        words |= {item.value for item in parameter.shell_complete(context, "") if item.type == "plain"}
    for name, inner in getattr(command, "commands", {}).items():
        words |= {name, *_words(inner, context)}
    return words


def _bash(words: Mapping[str, Sequence[str]]) -> str:
    cases = "\n".join(f"      {name}) words='{' '.join(options)}' ;;" for name, options in words.items())
    return _BASH.format(commands=" ".join(words), cases=cases)


def _fish(commands: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> str:
    lines = ["# Completion of ./boxoffice for fish: ./boxoffice completion fish | source"]
    for name, command in commands.items():
        lines.append(_FISH_HEAD.format(name, command.get_short_help_str(60).replace("'", "\\'")))
        lines.append(f"complete -c boxoffice -n '__fish_seen_subcommand_from {name}' -a '{' '.join(words[name])}'")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the texts, or check whether they are up to date. Returns an exit code."""
    current = texts()
    stored = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*"))}
    if "--write" in arguments:
        FOLDER.mkdir(exist_ok=True)
        for name in stored.keys() - current.keys():
            (FOLDER / name).unlink()
        for name, text in current.items():
            (FOLDER / name).write_text(text, "utf-8")
        return 0
    if stored == current:
        return 0
    outdated = sorted(name for name in stored.keys() | current.keys() if stored.get(name) != current.get(name))
    terminal.complain(f"{FOLDER.name}/ is out of date ({', '.join(outdated)}): {COMMAND}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
