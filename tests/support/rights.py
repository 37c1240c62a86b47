"""Takes from root what makes it root where files are concerned, so that a test meets the same refusals as any user."""

import contextlib
import ctypes
import os
from collections.abc import Iterator

# linux/capability.h: CAP_DAC_OVERRIDE 1, CAP_DAC_READ_SEARCH 2; the third version of the call has two words of 32 bits each.
_OVERRIDES = (1 << 1) | (1 << 2)
_VERSION = 0x20080522
_C = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _call(name: str, data: ctypes.Array[_Data]) -> None:
    if getattr(_C, name)(ctypes.byref(_Header(_VERSION, 0)), data) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


@contextlib.contextmanager
def as_any_user() -> Iterator[None]:
    """Let the modes of files and folders hold for this thread, for root too, who stays their owner.

    To be another user meanwhile would not do: a checkout may lie where no other user can read what Python imports late.
    """
    if os.geteuid() != 0:
        yield
        return
    data = (_Data * 2)()
    _call("capget", data)
    before = data[0].effective
    data[0].effective = before & ~_OVERRIDES
    _call("capset", data)
    try:
        yield
    finally:
        data[0].effective = before
        _call("capset", data)
