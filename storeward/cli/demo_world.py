"""What a demo remembers, so that its second start shows the same fleet: the file demo.json of its folder."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from storeward.cli.installation import DEMO_STORES
from storeward.cli.sandbox_process import SandboxWorld
from storeward.lib import crypto
from storeward.lib.errors import NotDone

FILE = "demo.json"
EMAIL = "demo@storeward.example"
DEFAULT_SEED = 1


class DemoWorld(msgspec.Struct, frozen=True):
    """Seed, number of stores and first instant of the sandbox's world, and the demo's sign-in."""

    seed: int
    stores: int
    at: datetime
    frozen: bool
    email: str
    password: str
    complete: bool = False
    """Whether the first start came to its end: the fleet is synced and inspected."""

    @classmethod
    def load(cls, data: Path) -> "DemoWorld":
        try:
            return msgspec.json.decode((data / FILE).read_bytes(), type=cls)
        except (OSError, msgspec.DecodeError) as error:
            raise NotDone(f"{data / FILE} cannot be read ({error}); start the demo in another folder with --data.") from error

    @classmethod
    def of_folder(cls, data: Path, *, now: datetime, seed: int | None, stores: int | None, frozen: bool) -> "DemoWorld":
        """The world of the demo in `data`, decided at its first start.

        Raises NotDone where the folder holds an installation that is no demo, or a demo with another world than asked for.
        """
        if not (data / FILE).exists():
            if (data / "postgres").exists():
                raise NotDone(f"{data} holds an installation that is no demo; choose another folder with --data.")
            return cls._new(now=now, seed=seed, stores=stores, frozen=frozen)
        world = cls.load(data)
        for name, asked, has in (("--seed", seed, world.seed), ("--stores", stores, world.stores)):
            if asked is not None and asked != has:
                raise NotDone(f"The demo in {data} was made with {name} {has}; choose another folder with --data for {asked}.")
        return msgspec.structs.replace(world, frozen=frozen)

    @classmethod
    def _new(cls, *, now: datetime, seed: int | None, stores: int | None, frozen: bool) -> "DemoWorld":
        return cls(
            seed=DEFAULT_SEED if seed is None else seed,
            stores=DEMO_STORES if stores is None else stores,
            at=now - timedelta(microseconds=now.microsecond),
            frozen=frozen,
            email=EMAIL,
            password=secrets.token_urlsafe(9),
        )

    def save(self, data: Path) -> None:
        crypto.write_private(data / FILE, msgspec.json.encode(self).decode())

    def sandbox(self, port_base: int) -> SandboxWorld:
        return SandboxWorld(self.seed, self.stores, port_base, self.at, self.frozen)
