"""python -m train.publish FOLDER OWNER/NAME: push checkpoints to the Hugging Face Hub, with a card."""

import argparse
import sys
from pathlib import Path

from explorer import checkpoint
from explorer.checkpoint import config, hub
from explorer.checkpoint.config import Config
from explorer.checkpoint.regular_file import CheckpointError
from train.__main__ import folder, sentence


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        publish(options)
        return 0
    except (ValueError, OSError, CheckpointError) as error:
        print(sentence(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m train.publish", description="Push checkpoints to the Hub.")
    parser.add_argument(
        "folder", type=folder, metavar="FOLDER", help="of checkpoints FAMILY/VARIANT, or of a single one"
    )
    parser.add_argument("name", type=repository, metavar="OWNER/NAME", help="the repository, made if there is none")
    parser.add_argument("--private", action="store_true", help="make a repository that only its owner sees")
    parser.add_argument(
        "--with-pictures", action="store_true", help="publish the pictures of your own that models bring"
    )
    parser.add_argument("--license", default="mit", help="of the weights, as the Hub names it (default: mit)")
    parser.add_argument("--dry-run", action="store_true", help="check everything, and say what would be pushed")
    return parser


def repository(text: str) -> str:
    """OWNER/NAME, as the Hub takes it."""
    try:
        if hub.parse(hub.PREFIX + text).name == text:
            return text
    except CheckpointError:
        pass
    raise argparse.ArgumentTypeError(f"{text} is no name such as OWNER/NAME")


def publish(options: argparse.Namespace) -> None:
    """Check the checkpoints of a folder, write their card, and push both in one commit.

    Raises:
        CheckpointError, ValueError: If there are none, one is damaged, or the Hub does not take them.
    """
    from train import hub_card  # torch takes 5 s to import: --help need not wait for it

    models = {one: checked(one) for one in folders(options.folder)}
    files = {f"{model.name}/{path.name}": path for one, model in models.items() for path in published(one, model)}
    hub.chosen(((name, path.stat().st_size) for name, path in files.items()), str(options.folder))
    say_what_is_own(models, options.with_pictures)
    card = hub_card.write(options.name, list(models.values()), options.license)
    if options.dry_run:
        print("\n".join(f"{name}: {path.stat().st_size:,} bytes" for name, path in files.items()))
        print(f"\n{checkpoint.CARD}:\n{card}\nNothing was pushed.")
        return
    commit = push(options.name, files, card, options.private)
    total = hub.megabytes(sum(path.stat().st_size for path in files.values()))
    print(f"{hub.PREFIX}{options.name}@{commit}: {len(models)} checkpoint{'s' * (len(models) > 1)}, {total}.")


def folders(root: Path) -> list[Path]:
    """The folder itself if it is a checkpoint's, or those of the checkpoints FAMILY/VARIANT below it.

    Raises:
        ValueError: If there are none.
    """
    root = root.resolve()
    found = [root] if (root / config.CONFIG).is_file() else [path.parent for path in root.glob(f"*/*/{config.CONFIG}")]
    if not found:
        raise ValueError(f"{root} holds no checkpoint: neither {config.CONFIG} nor FAMILY/VARIANT/{config.CONFIG}.")
    return sorted(found)


def checked(folder: Path) -> Config:
    """The config of a checkpoint, all of whose files were read as the app reads them.

    Raises:
        CheckpointError: If one is missing or damaged.
    """
    config.check_name(folder.name)
    known = config.load(folder)
    checkpoint.load_model(folder)
    if "pictures" in known.said:
        checkpoint.load_pictures(folder, known)
    for file, load in (
        (checkpoint.CODES, checkpoint.load_codes),
        (checkpoint.MAP, checkpoint.load_map),
        (checkpoint.NETWORKS, checkpoint.read_graphs),
    ):
        if (folder / file).exists():
            load(folder, known)
    return known


def published(folder: Path, known: Config) -> list[Path]:
    """The files of a checkpoint; pictures that its config does not speak of are those of an earlier run."""
    names = [name for name in hub.LARGEST if name != checkpoint.PICTURES or "pictures" in known.said]
    return [folder / name for name in names if (folder / name).is_file()]


def say_what_is_own(models: dict[Path, Config], with_pictures: bool) -> None:
    """Say what of one's own becomes public with the models: pictures, and the name of the place where they lay.

    Raises:
        ValueError: If there are pictures, and nobody has agreed to that.
    """
    from train.hub_card import source

    counts = {
        known.name: len(checkpoint.load_pictures(folder, known).pictures.pictures)
        for folder, known in models.items()
        if "pictures" in known.said
    }
    if counts and not with_pictures:
        raise ValueError(
            f"{', '.join(f'{name} brings {count} of your own pictures' for name, count in counts.items())}: "
            "publish them as well with --with-pictures, or leave the model out."
        )
    for name, count in counts.items():
        print(f"{name}: {count} of your own pictures are published with it.")
    for known in models.values():
        if place := source(known).place:
            print(f"{known.name}: its config and card name where its pictures lay, {place}.")


def push(name: str, files: dict[str, Path], card: str, private: bool) -> str:
    """Push files and card in one commit; what else lay in the folders of these checkpoints goes.

    Arguments:
        name: OWNER/NAME.
        files: What to push, by its path in the repository.
        card: The text of README.md.
        private: Whether the repository has to be private.

    Returns:
        The commit.

    Raises:
        CheckpointError: If the Hub does not take them.
        ValueError: If there is no token.
    """
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, get_token

    if get_token() is None:
        raise ValueError("To publish needs a token that may write: `hf auth login` asks for it, or HF_TOKEN holds it.")
    api, address = HfApi(library_name="latent-explorer"), f"{hub.PREFIX}{name}"
    with hub.one_sentence(f"{address} cannot be published"):
        api.create_repo(name, private=private or None, exist_ok=True)
        there = api.model_info(name)
        if private and not there.private:
            raise CheckpointError(f"{address} is there already, and everybody sees it: choose another name.")
        within = {path.rpartition("/")[0] for path in files}
        paths = [one.rfilename for one in there.siblings or []]
        stale = [path for path in paths if path.rpartition("/")[0] in within and path not in files]
        operations: list[CommitOperationAdd | CommitOperationDelete] = [
            *(CommitOperationDelete(path) for path in stale),
            CommitOperationAdd(checkpoint.CARD, card.encode()),
            *(CommitOperationAdd(path, file) for path, file in files.items()),
        ]
        return api.create_commit(name, operations, commit_message="Checkpoints for Latent Explorer").oid


if __name__ == "__main__":
    sys.exit(main())
