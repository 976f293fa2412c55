"""The `hcgen` command: its subcommands, and the one place where errors become exit codes."""

from __future__ import annotations

import gc
import importlib
import sys

import click

from hcgen import __version__
from hcgen.cli.output import say, say_error
from hcgen.errors import ExitCode, HcgenError

COMMANDS = {
    "assemble": "Join shares of a build into one site.",
    "build": "Build the help centers into a folder.",
    "check": "Report what is wrong, without building.",
    "pull": "Bring changes made on a target back into files.",
    "push": "Publish articles to a CMS: plan, apply, roll back.",
    "relevance": "Measure whether search finds the articles.",
    "render": "Write the article bodies alone.",
    "search": "Search the sources, for writers and agents.",
    "serve": "Serve what was built, rebuild what is saved.",
    "steps": "Write content/steps.lock, the memory of step ids.",
}


class _Commands(click.Group):
    """Loads a command's module only when it is asked for: `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"hcgen.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hcgen")
def cli() -> None:
    """Help centers for many brands and languages, from a folder of Markdown.

    \b
    Example:
      hcgen build && hcgen serve
    """


def main() -> None:
    """Runs the command line and ends the process with a documented exit code (docs/cli.md)."""
    # A command is a short life that makes few cycles; `serve`, which stays, turns the collector on again.
    gc.disable()
    try:
        sys.exit(cli.main(standalone_mode=False) or ExitCode.OK)
    except HcgenError as error:
        say_error(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        say("hcgen: stopped; what was installed before is untouched", error=True)
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(ExitCode.OK)
    except Exception as error:
        import os

        if os.environ.get("HCGEN_DEBUG"):
            raise
        say(f"hcgen: a fault of hcgen itself: {type(error).__name__}: {error}", error=True, fg="red")
        say("       Run it again with HCGEN_DEBUG=1 and report what it prints.", error=True)
        sys.exit(ExitCode.INTERNAL)
    finally:
        # Nor need anybody look for them at the end.
        gc.freeze()


if __name__ == "__main__":
    main()
