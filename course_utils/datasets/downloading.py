"""`fetch`: a benchmark's original files, their published checksums compared, as one stored file in the data home."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from course_utils import paths
from course_utils.datasets import registry
from course_utils.datasets.benchmarks import BENCHMARKS, Benchmark
from course_utils.datasets.errors import DataError, MachineError, machine_error, reason
from course_utils.datasets.originals import read_original
from course_utils.datasets.storage import Contents, check, closing_line, prepare, read, write
from course_utils.display import shows_bars

__all__ = ["fetch"]

TIMEOUT = 10.0, 30.0  # seconds: to connect, and without a byte, after which a server counts as gone
_FAILURES = {  # words in what requests raises -> what happened, and the step that helps
    "[Rr]ead (operation )?timed out": "{} does not answer (wait a while, then run the same command again)",
    "Connection (broken|aborted)": "the connection to {} was cut off (run the same command again)",
    "": "no connection to {} (check the network and the proxy)",
}


def fetch(name: str, *, address: str | None = None) -> str:
    """Download a benchmark in its original form and keep it in the data home. Does nothing if it is there already.

    Original files that lie in the folder `originals` of the data home are used instead of a download: the way for a
    machine without a network.

    Args:
        name: "mnist", "fashion_mnist", "cifar10", "cifar100" or "flowers".
        address: another place that serves the same files, such as a server in the classroom.

    Returns:
        A closing line that says what is stored.

    Raises:
        DataError: no network, a server that fails, a checksum that differs, no room; nothing has changed then.
    """
    if name not in BENCHMARKS:
        if name not in registry.names():
            raise DataError(registry.unknown(name))
        raise DataError(f"{name} needs no download. Choose one of {', '.join(BENCHMARKS)}.")
    if there := _already_there(name):
        return there
    benchmark, target = BENCHMARKS[name], registry.stored_path(name)
    addresses = (address.rstrip("/") + "/",) if address else benchmark.addresses
    try:
        prepare(target.parent)
        folder = tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetch-")
    except OSError as error:
        raise DataError(
            f"{target.parent} cannot be written ({reason(error)}). Name a folder that you may write in COURSE_DATA."
        ) from error
    origin = "fetched from the original files"
    with folder:
        found = {
            file: _by_hand(name, file) or _download(benchmark, file, addresses, Path(folder.name))
            for file in benchmark.files
        }
        try:
            arrays = read_original(benchmark, found)
            contents = Contents(*check(arrays, benchmark), origin)
        except Exception as error:  # with the right checksum this cannot be the file's fault
            raise machine_error(name, error) or DataError(
                f"{name}: the original files cannot be read ({reason(error)}). Report it."
            ) from error
        write(target, arrays, origin)
    return closing_line(name, contents)


def _already_there(name: str) -> str | None:
    """A closing line for a good file of that name; None where there is none or it is damaged."""
    try:
        contents = read(registry.stored_path(name), name)
    except MachineError:
        raise  # the file may be whole: it is not fetched again
    except DataError:
        return None
    return f"{closing_line(name, contents)} It was there already; delete it to fetch it anew."


def _by_hand(name: str, file: str) -> Path | None:
    """A benchmark's original file that the user has put into the data home; None where there is none.

    Raises:
        DataError: it cannot be read, or is another file than the published one.
    """
    import pooch  # slow to import

    # MNIST and Fashion-MNIST call their files the same, so each benchmark has a folder of its own.
    path = paths.data_home() / "originals" / name / file
    try:
        if not path.exists():
            return None
        found = pooch.file_hash(str(path), alg="sha256")
    except OSError as error:
        raise machine_error(path, error) or DataError(
            f"{path} cannot be read ({reason(error)}). Put the file there again."
        ) from error
    if found != BENCHMARKS[name].files[file]:
        raise DataError(f"{path} does not have the published checksum. Delete it or download it again.")
    return path


def _download(benchmark: Benchmark, file: str, addresses: tuple[str, ...], folder: Path) -> Path:
    import pooch  # slow to import
    import requests

    pooch.get_logger().setLevel("WARNING")  # its word on every download is ours to say
    failures = []
    for address in addresses:
        host = urlsplit(address).netloc
        downloader = pooch.HTTPDownloader(progressbar=shows_bars(), chunk_size=2**16, timeout=TIMEOUT)
        known = f"sha256:{benchmark.files[file]}"
        try:
            return Path(pooch.retrieve(address + file, known, fname=file, path=folder, downloader=downloader))
        except requests.HTTPError as error:
            failures.append(f"{host} answers {error.response.status_code}")
        except requests.RequestException as error:  # no network, no answer, or half of one
            failures.append(
                next(said for words, said in _FAILURES.items() if re.search(words, str(error))).format(host)
            )
        except ValueError:
            failures.append(f"the file from {host} does not have the published checksum")
        except OSError as error:
            raise DataError(f"{folder.parent / file} cannot be written ({reason(error)}). Make room.") from error
    place = paths.data_home() / "originals" / benchmark.name
    raise DataError(
        f"{file} of {benchmark.name} was not fetched: {'; '.join(failures)}. If it stays so, download "
        f"{', '.join(benchmark.files)} from {addresses[0]} on another machine, put what you get into {place}, and run: "
        f"course data fetch {benchmark.name}"
    )
