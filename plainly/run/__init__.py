"""Starting, watching and stopping the processes of Plainly on one machine."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The repository, where the Rasa files and both environments are."""
