"""The pump wakes on a nudge, drains at the stop, goes on whatever happens, and holds nobody up behind a stalled call."""

import threading
from collections import deque

import pytest

from schedules.pump import Bell, Pump

WAIT = 10.0


class Box:
    """Items that are delivered by name; a name that is a gate waits there."""

    def __init__(self, *names: str) -> None:
        self.waiting, self.done = deque(names), list[str]()
        self.gates: dict[str, threading.Event] = {}
        self.faults: dict[str, Exception] = {}
        self._changed = threading.Condition()

    def put(self, name: str) -> None:
        with self._changed:
            self.waiting.append(name)

    def deliver(self, _owner: str) -> bool:
        with self._changed:
            if not self.waiting:
                return False
            name = self.waiting.popleft()
        fault = self.faults.pop(name, None)
        if fault is not None:
            self.put(name)
            raise fault
        if name in self.gates:
            assert self.gates[name].wait(WAIT)
        with self._changed:
            self.done.append(name)
            self._changed.notify_all()
        return True

    def wait_for(self, *names: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: set(names) <= set(self.done), WAIT), self.done


def test_what_is_committed_goes_out_on_a_nudge() -> None:
    box, bell = Box(), Bell()
    pump = Pump(box.deliver, bell)
    pump.start()
    for name in ("a", "b", "c"):
        box.put(name)
        bell.ring()
        box.wait_for(name)
    assert pump.stop()
    assert box.done == ["a", "b", "c"]


def test_a_stalled_call_holds_up_its_worker_alone() -> None:
    box, bell = Box("stalled", "b", "c"), Bell()
    gate = box.gates["stalled"] = threading.Event()
    pump = Pump(box.deliver, bell, workers=2)
    pump.start()
    box.wait_for("b", "c")
    assert "stalled" not in box.done
    gate.set()
    box.wait_for("stalled")
    assert pump.stop()


def test_a_stop_delivers_what_is_due() -> None:
    names = [str(number) for number in range(50)]
    box, bell = Box(*names), Bell()
    pump = Pump(box.deliver, bell)
    pump.start()
    assert pump.stop()
    assert sorted(box.done) == sorted(names)


def test_a_stop_does_not_wait_for_ever() -> None:
    box, bell = Box("stalled"), Bell()
    gate = box.gates["stalled"] = threading.Event()
    pump = Pump(box.deliver, bell, workers=1)
    pump.start()
    assert not pump.stop(0.05)
    gate.set()
    assert pump.stop()


def test_a_record_that_cannot_be_used_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    box, bell = Box("a"), Bell()
    box.faults["a"] = OSError("SECRET")
    pump = Pump(box.deliver, bell, workers=1)
    pump.start()
    while box.faults:
        bell.wait(-1, 0)
    bell.ring()
    box.wait_for("a")
    assert pump.stop()
    assert "OSError" in caplog.text
    assert "SECRET" not in caplog.text


def test_a_ring_before_the_wait_is_heard() -> None:
    bell = Bell()
    bell.ring()
    assert bell.wait(0, WAIT) == 1
    assert bell.wait(1, 0) == 1
