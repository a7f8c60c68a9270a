from pathlib import Path

from desired_state import LoadError, Platform, load

HEAD = "platform: shop\nenvironment: dev\nregion: us-east-1\n"


class Files:
    """A folder with a platform file and its overlays."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "platform.yaml"

    def write(self, text: str | bytes, **overlays: str) -> None:
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode())
        folder = self.path.parent / "environments"
        folder.mkdir(exist_ok=True)
        for name, overlay in overlays.items():
            (folder / f"{name}.yaml").write_text(overlay)

    def load(self, text: str | bytes, environment: str | None = None, **overlays: str) -> Platform:
        self.write(text, **overlays)
        return load(self.path, environment, environ={})

    def attempt(self, text: str | bytes, environment: str | None = None, **overlays: str) -> LoadError | None:
        try:
            self.load(text, environment, **overlays)
        except LoadError as error:
            return error
        return None

    def mistakes(self, text: str | bytes, environment: str | None = None, **overlays: str) -> list[str]:
        """Return the lines of the error, with paths relative to the folder."""
        error = self.attempt(text, environment, **overlays)
        return str(error or "").replace(f"{self.path.parent}/", "").splitlines()
