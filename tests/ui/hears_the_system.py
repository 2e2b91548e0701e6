"""Run by test_system_news.py under a bus of its own: listens as the program does, and says what it heard.

python hears_the_system.py [SIGNAL]: where one is named, it is sent from a second connection, as logind would.
"""

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from kapnotes.ui.system_news import SystemNews

SENT = {
    "sleep": ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", [True]),
    "wake": ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", [False]),
    "lock": ("/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session", "Lock", []),
    "screen saver": ("/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", [True]),
}


def send(name):
    from PySide6.QtDBus import QDBusConnection, QDBusMessage

    path, interface, member, arguments = SENT[name]
    message = QDBusMessage.createSignal(path, interface, member)
    message.setArguments(arguments)
    bus = QDBusConnection.BusType.SessionBus if name == "screen saver" else QDBusConnection.BusType.SystemBus
    QDBusConnection.connectToBus(bus, "as logind").send(message)


def main():
    application = QGuiApplication([])
    news = SystemNews()

    def heard():
        sys.stdout.write("lock asked\n")
        application.quit()

    news.lock_asked.connect(heard)
    began = time.perf_counter()
    news.listen()
    sys.stdout.write(f"listens after {time.perf_counter() - began:.3f} s\n")
    if len(sys.argv) > 1:
        resend = QTimer()
        resend.timeout.connect(lambda: send(sys.argv[1]))
        resend.start(100)
    QTimer.singleShot(1500, application.quit)
    application.exec()
    sys.stdout.write("ends\n")


if __name__ == "__main__":
    main()
