"""The world's own time, so that a test can let thirty minutes pass at once."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time moved by an offset, or time standing still; can be pickled."""

    def __init__(self) -> None:
        self.offset = timedelta(0)
        self.frozen: datetime | None = None

    def now(self) -> datetime:
        """The present moment in this world, aware, in UTC."""
        return self.frozen or datetime.now(UTC) + self.offset

    def set(self, moment: datetime) -> None:
        """Makes it that moment now; a naive one is taken as UTC. Time stays frozen if it was."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if self.frozen:
            self.frozen = aware.astimezone(UTC)
        self.offset = aware - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Moves time on (or back, when negative)."""
        self.offset += by
        if self.frozen:
            self.frozen += by

    def freeze(self) -> None:
        """Stops time at the present moment."""
        self.frozen = self.now()

    def resume(self) -> None:
        """Lets time run on from where it stood."""
        if self.frozen:
            self.offset = self.frozen - datetime.now(UTC)
            self.frozen = None

    def reset(self) -> None:
        """Goes back to the machine's own time."""
        self.offset = timedelta(0)
        self.frozen = None
