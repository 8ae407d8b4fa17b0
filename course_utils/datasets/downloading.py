"""`fetch`: a benchmark's original files, their published checksums compared, as one stored file in the data home."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from course_utils import files, paths
from course_utils.datasets import registry
from course_utils.datasets.bars import bar
from course_utils.datasets.benchmarks import BENCHMARKS, Benchmark
from course_utils.datasets.contents import check
from course_utils.datasets.errors import DataError, MachineError, machine_error, reason
from course_utils.datasets.loading import read_stored
from course_utils.datasets.originals import read_original
from course_utils.datasets.storage import Contents, Stored, write

__all__ = ["fetch", "fetch_benchmark", "originals_folder"]

_CONNECT_SECONDS = 10.0  # a server that has not answered by then is as good as gone


def fetch(name: str, *, progress: Any = None, address: str | None = None, timeout: float = 30.0) -> Stored:
    """Download a benchmark in its original form and keep it in the data home. Does nothing if it is there already.

    Original files that lie in the folder `originals` of the data home are used instead of a download: the way for a
    machine without a network.

    Args:
        name: "mnist", "fashion_mnist", "cifar10", "cifar100" or "flowers".
        progress: True for a bar, False for none, None for a bar on a terminal only, or an object like tqdm's.
        address: another place that serves the same files, such as a server in the classroom; ends with a slash.
        timeout: seconds without a byte after which a server counts as gone.

    Returns:
        What is stored; as text, a closing line.

    Raises:
        DataError: no network, a server that fails, a checksum that differs, no room; nothing has changed then.
    """
    if name not in BENCHMARKS:
        if name not in registry.names():
            raise DataError(registry.unknown(name))
        raise DataError(f"{name} needs no download. Choose one of {', '.join(BENCHMARKS)}.")
    there = _already_there(name)
    if there:
        return there
    addresses = (address.rstrip("/") + "/",) if address else BENCHMARKS[name].addresses
    return fetch_benchmark(BENCHMARKS[name], addresses=addresses, progress=progress, timeout=timeout)


def fetch_benchmark(
    benchmark: Benchmark, *, addresses: tuple[str, ...], progress: Any = None, timeout: float = 30.0
) -> Stored:
    """Fetch the files that `benchmark` names from the first address that has them whole; see `fetch`.

    Raises:
        DataError: as there.
    """
    target = registry.stored_path(benchmark.name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetch-")
    except OSError as error:
        raise DataError(
            f"{target.parent} cannot be written ({reason(error)}). Name a folder that you may write in COURSE_DATA."
        ) from error
    with folder:
        found = {
            file: _by_hand(benchmark, file)
            or _download(benchmark, file, addresses, Path(folder.name), progress, timeout)
            for file in benchmark.files
        }
        try:
            arrays = read_original(benchmark, found)
            check(Contents(arrays, {}), benchmark)
        except Exception as error:  # with the right checksum this cannot be the file's fault
            raise machine_error(benchmark.name, error) or DataError(
                f"{benchmark.name}: the original files cannot be read ({reason(error)}). Report it."
            ) from error
        write(target, arrays, {"how": "fetched from", "from": ", ".join(benchmark.files)})
    counts = {split: len(arrays[f"y_{split}"]) for split in ("train", "validation", "test") if f"y_{split}" in arrays}
    return Stored(benchmark.name, target, counts, len(benchmark.class_names))


def originals_folder() -> Path:
    """Where original files are put by hand on a machine without a network."""
    return paths.data_home() / "originals"


def _already_there(name: str) -> Stored | None:
    """A closing line for a good file of that name; None where there is none or it is damaged."""
    target = registry.stored_path(name)
    if not files.is_file(target):
        return None
    try:
        contents, checked = read_stored(target, name)
    except MachineError:
        raise  # the file may be whole: it is not fetched again
    except DataError:
        return None
    counts = {split: len(y) for split, (_, y) in checked.splits.items()}
    remark = "It was there already."
    if contents.record.get("how") != "fetched from":
        remark = "It was there already and is no download: delete it first to fetch the originals."
    return Stored(name, target, counts, len(checked.class_names), remark=remark)


def _by_hand(benchmark: Benchmark, file: str) -> Path | None:
    """An original file that the user has put into the data home."""
    import pooch  # slow to import

    # MNIST and Fashion-MNIST call their files the same, so each benchmark has a folder of its own.
    path = originals_folder() / benchmark.name / file
    try:
        if not path.exists():
            return None
        found = pooch.file_hash(str(path), alg="sha256")
    except OSError as error:
        raise DataError(f"{path} cannot be read ({reason(error)}). Put the file there again.") from error
    if found != benchmark.files[file]:
        raise DataError(f"{path} does not have the published checksum. Delete it or download it again.")
    return path


def _download(
    benchmark: Benchmark, file: str, addresses: tuple[str, ...], folder: Path, progress: Any, timeout: float
) -> Path:
    import pooch  # slow to import
    import requests

    failures = []
    logger = pooch.get_logger()
    level = logger.level
    for address in addresses:
        ticks = bar(progress, total=1, unit="B", title=file)
        downloader = pooch.HTTPDownloader(
            progressbar=ticks, chunk_size=2**16, timeout=(min(timeout, _CONNECT_SECONDS), timeout)
        )
        try:
            logger.setLevel("WARNING")  # its word on every download is ours to say
            known = f"sha256:{benchmark.files[file]}"
            return Path(pooch.retrieve(address + file, known, fname=file, path=folder, downloader=downloader))
        except requests.RequestException as error:
            failures.append(_what_failed(error, urlsplit(address).netloc))
        except ValueError:
            failures.append(f"the file from {urlsplit(address).netloc} does not have the published checksum")
        except OSError as error:
            raise DataError(f"{folder.parent / file} cannot be written ({reason(error)}). Make room.") from error
        finally:
            logger.setLevel(level)
            ticks.close()
    place = originals_folder() / benchmark.name
    raise DataError(
        f"{file} of {benchmark.name} was not fetched: {'; '.join(failures)}. Try again, or download "
        f"{', '.join(benchmark.files)} from {addresses[0]} on another machine, put what you get into {place}, and run: "
        f"course data fetch {benchmark.name}"
    )


def _what_failed(error: Exception, host: str) -> str:
    """A network error in the user's words."""
    import requests

    if isinstance(error, requests.HTTPError):
        return f"{host} answers {error.response.status_code}"
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return f"{host} does not answer"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return f"the connection to {host} was cut off"
    return f"no connection to {host}"
