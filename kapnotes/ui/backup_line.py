"""The line at home that says how old the newest backup is, or how far the one is that is being made."""

from PySide6.QtCore import QCoreApplication

from kapnotes.app.backup_keeper import BackupKeeper, BackupState
from kapnotes.domain.clock import Clock
from kapnotes.ui.labels import MARK_SIGN, ScaledLabel

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86400


class BackupLine(ScaledLabel):
    """Follows the keeper; dim while all is well, a mark where the newest is more than a week old or there is none."""

    def __init__(self, keeper: BackupKeeper, clock: Clock) -> None:
        super().__init__(0.85, is_dim=True)
        self._keeper = keeper
        self._clock = clock
        self.setAccessibleName(self.tr("Backup"))
        keeper.changed.add(self.show_state)
        self.show_state(keeper.state)
        keeper.look()

    def show_state(self, state: BackupState) -> None:
        """Show *state* as it is now."""
        now_utc_ns = self._clock.now().utc_ns
        is_mark = not state.is_running and (state.is_old(now_utc_ns) or state.trouble is not None)
        words = backup_words(state, now_utc_ns)
        self.setText(f"{MARK_SIGN} {words}" if is_mark else words)
        self.set_mark(is_mark)

    def look_again(self) -> None:
        """Let the age go on."""
        self.show_state(self._keeper.state)

    def detach(self) -> None:
        """Follow no more."""
        self._keeper.changed.remove(self.show_state)


def backup_words(state: BackupState, now_utc_ns: int) -> str:
    """Return the state of the backups as a few calm words; empty where nobody has looked yet."""
    translate = QCoreApplication.translate
    age_s = state.age_s(now_utc_ns)
    if state.is_running:
        return translate("BackupLine", "backup: {} %").format(state.percent)
    if not state.is_known:
        return ""
    if age_s is None:
        return translate("BackupLine", "backup: none yet")
    if age_s < _MINUTE_S:
        return translate("BackupLine", "backup: just now")
    if age_s < _HOUR_S:
        return translate("BackupLine", "backup: {} min ago").format(int(age_s // _MINUTE_S))
    if age_s < 2 * _DAY_S:
        return translate("BackupLine", "backup: {} h ago").format(int(age_s // _HOUR_S))
    return translate("BackupLine", "backup: {} days ago").format(int(age_s // _DAY_S))
