"""The `plainly` commands: one module each, with a function `command` that typer turns into a command.

Modules import what they need inside the function, so that `plainly --help` stays quick.
"""
