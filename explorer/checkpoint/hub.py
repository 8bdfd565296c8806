"""Checkpoints of the Hugging Face Hub: read of one commit, of their known files alone, and kept on this machine."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from explorer.checkpoint import config, keywords
from explorer.checkpoint.files import CARD, CODES, LARGEST_FILE, LARGEST_GRAPHS, MAP, NETWORKS, PICTURES, SHEET, WEIGHTS
from explorer.checkpoint.regular_file import CheckpointError, printable, reason

PREFIX = "hf://"
ALL, ONE = "hf://OWNER/NAME", "hf://OWNER/NAME/FAMILY/VARIANT"
# What is fetched of a checkpoint, and the bytes that each file may have: nothing in them is ever run.
LARGEST = {
    config.CONFIG: config.LARGEST_CONFIG,
    WEIGHTS: LARGEST_FILE,
    CARD: 1_000_000,
    CODES: LARGEST_FILE,
    MAP: LARGEST_FILE,
    NETWORKS: LARGEST_GRAPHS,
    SHEET: 10_000_000,
    PICTURES: LARGEST_FILE,
}
MOST_FILES = 2_000  # in a repository, of any kind; the app's own checkpoints are some 230
MOST_BYTES = 4_000_000_000  # together; the app holds all weights in memory


class Address(NamedTuple):
    """What an address says."""

    name: str  # OWNER/NAME
    revision: str | None  # a branch, a tag or a commit; None for the main branch
    within: str  # FAMILY/VARIANT/, or nothing


def fetched(address: str, form: str = ALL) -> Path:
    """The folder on this machine of what lies at an address; what is here already is not asked for again.

    A branch is looked up once, and all files are those of the commit that it was found at. Where the Hub cannot be
    reached, it is the commit of the last time.

    Arguments:
        address: hf://OWNER/NAME, or hf://OWNER/NAME@REVISION, with /FAMILY/VARIANT behind it for a single checkpoint.
        form: ALL for a folder of checkpoints FAMILY/VARIANT, ONE for the folder of a single one.

    Raises:
        CheckpointError: If there are none, they are too large, or the Hub does not give them.
    """
    # Not at the top: whoever has all models on the disk need not wait for it.
    from huggingface_hub import HfApi, get_cached_repo_tree, snapshot_download
    from huggingface_hub.errors import CachedRepoTreeNotFoundError
    from huggingface_hub.hf_api import RepoFile

    asked = parse(address, form)
    with one_sentence(f"{printable(address)} cannot be fetched"):
        commit = HfApi().resolve_revision(asked.name, revision=asked.revision)
        try:
            listed: Iterable = get_cached_repo_tree(asked.name, revision=commit)
        except CachedRepoTreeNotFoundError:
            listed = HfApi().list_repo_tree(asked.name, recursive=True, revision=commit.resolved)
        sizes = ((one.path, one.size) for one in listed if isinstance(one, RepoFile))
        files = chosen(sizes, printable(address), asked.within)
        return Path(snapshot_download(asked.name, revision=commit, allow_patterns=files), asked.within)


def parse(address: str, form: str = ALL) -> Address:
    """What an address says, if it is one of that form.

    Raises:
        CheckpointError: If it is not.
    """
    from huggingface_hub import parse_hf_uri

    try:
        uri = parse_hf_uri(address)
        fits = uri.path_in_repo.count("/") == 1 if form == ONE else not uri.path_in_repo
        if uri.type == "model" and fits and ".." not in address:
            return Address(uri.id, uri.revision, uri.path_in_repo and f"{uri.path_in_repo}/")
    except ValueError:
        pass
    raise CheckpointError(
        f"{printable(address)[:200]} is not of the form {form}, with @REVISION behind NAME or without."
    )


def chosen(files: Iterable[tuple[str, int]], where: str, within: str = "") -> list[str]:
    """Those files of a repository that belong to checkpoints, FAMILY/VARIANT/FILE; the others are passed over.

    Arguments:
        files: Path and size in bytes of each.
        where: What a sentence calls the repository.
        within: FAMILY/VARIANT/ if a single checkpoint is asked for.

    Raises:
        CheckpointError: If there is no checkpoint among them, or they are more or larger than what is fetched.
    """
    listed = list(islice(files, MOST_FILES + 1))
    if len(listed) > MOST_FILES:
        raise CheckpointError(f"{where} holds more than {MOST_FILES:,} files: so many are not fetched.")
    sizes = {PurePosixPath(path): size for path, size in listed if is_known(path) and path.startswith(within)}
    if not any(path.name == config.CONFIG and path.with_name(WEIGHTS) in sizes for path in sizes):
        raise CheckpointError(f"{where} holds no checkpoint: FAMILY/VARIANT/{config.CONFIG} with {WEIGHTS} beside it.")
    for path, size in sizes.items():
        if size > LARGEST[path.name]:
            raise CheckpointError(
                f"{path} of {where} is too large, {megabytes(size)}: {megabytes(LARGEST[path.name])} are the most."
            )
    total = sum(sizes.values())
    if total > MOST_BYTES:
        raise CheckpointError(f"{where} is too large, {megabytes(total)}: {megabytes(MOST_BYTES)} are the most.")
    return sorted(map(str, sizes))


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def is_known(path: str) -> bool:
    """Whether a path is that of a file of a checkpoint; no other one is ever written to the disk."""
    family, variant, file = [*path.split("/", 2), "", ""][:3]
    try:
        config.check_name(variant)
    except CheckpointError:
        return False
    return family in keywords.families() and file in LARGEST


@contextmanager
def one_sentence(what: str) -> Iterator[None]:
    """Turn whatever the Hub's library, the network and the disk raise into one sentence that begins with "what"."""
    try:
        yield
    except CheckpointError:
        raise
    except Exception as error:  # of its own kinds, of the network's and the disk's
        raise CheckpointError(f"{what}: {why(error)}.") from error


def why(error: Exception) -> str:
    """What went wrong with a question to the Hub, in a few words."""
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return "it is gated, so ask for access on its page, then log in with `hf auth login`"
    if isinstance(error, errors.RepositoryNotFoundError):
        return "there is no such repository, or it is private and `hf auth login` comes first"
    if isinstance(error, errors.RevisionNotFoundError):
        return "it has no such revision"
    if isinstance(error, errors.HfHubHTTPError):
        return f"the Hub answers {error.response.status_code} {error.response.reason_phrase}"
    unreachable = (errors.RevisionResolutionError, errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled)
    if isinstance(error, (*unreachable, errors.HTTPError)):  # the last one is the network's own
        return "the Hub cannot be reached"
    return reason(error)
