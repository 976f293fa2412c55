"""A strict emulator of Zendesk Guide over real HTTP, written from the vendor's API reference.

`Emulator` runs it in this process; `python -m tests.publish.zendesk` alone. What it is strict about is tested in
tests/publish/test_zendesk_emulator.py.
"""

from tests.publish.zendesk.faults import Clock, Faults, VirtualClock
from tests.publish.zendesk.server import Emulator
from tests.publish.zendesk.state import Account, Brand

__all__ = ["Account", "Brand", "Clock", "Emulator", "Faults", "VirtualClock"]
