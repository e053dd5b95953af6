"""Asks every window on a display to close, as a click on its cross does (ICCCM 4.2.8.1)."""

import sys

from Xlib import X, display
from Xlib.protocol.event import ClientMessage


def close_all(name):
    screen = display.Display(name)
    protocols = screen.intern_atom("WM_PROTOCOLS")
    delete = screen.intern_atom("WM_DELETE_WINDOW")
    asked = 0
    windows = [screen.screen().root]
    while windows:
        window = windows.pop()
        windows.extend(window.query_tree().children)
        understood = window.get_full_property(protocols, X.AnyPropertyType)
        if understood and delete in understood.value and window.get_attributes().map_state == X.IsViewable:
            data = (32, [delete, X.CurrentTime, 0, 0, 0])
            window.send_event(ClientMessage(window=window, client_type=protocols, data=data))
            asked += 1
    screen.sync()
    return asked


if __name__ == "__main__":
    sys.exit(0 if close_all(sys.argv[1]) else "no window to close")
