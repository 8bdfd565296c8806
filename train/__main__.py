"""python -m train FAMILY/VARIANT: train, measure, write the checkpoint and its card; also --list, --verify, --map."""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from explorer.checkpoint import CheckpointError
from explorer.checkpoint.regular_file import reason


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        from train import commands, state  # torch takes 5 s to import: --help and Ctrl-C need not wait for it

        try:
            return commands.follow(options)
        except (ValueError, OSError, CheckpointError, state.StateError) as error:
            say(sentence(error))
            return 2
    except KeyboardInterrupt as stop:
        say(str(stop) or "Stopped.")
        return 130


def say(sentence: str) -> None:
    """What went wrong, on a line of its own: bars that were cut off are ended first."""
    for bar in list(getattr(tqdm, "_instances", ())):
        bar.close()
    print(sentence, file=sys.stderr)


def sentence(error: Exception) -> str:
    """What went wrong, for a person: the system's own errors are turned into one sentence."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'A file'} cannot be used: {reason(error)}."
    return str(error)


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m train", description="Train a checkpoint and measure it.")
    parser.add_argument("name", nargs="?", metavar="FAMILY/VARIANT")
    parser.add_argument(
        "--data",
        default="data",
        help="folder of the datasets (default: data); or pictures of your own: folder:DIR, a .npz, .npy or idx file, "
        "or hf:NAME, a set of the Hugging Face Hub",
    )
    parser.add_argument("--side", type=positive, help="make squares of so many pixels a side of your own pictures")
    parser.add_argument("--grey", action="store_true", help="make your own pictures grey")
    parser.add_argument(
        "--ship-samples",
        type=positive,
        metavar="N",
        help="put N test pictures of your own beside the weights, for the app to show",
    )
    parser.add_argument("--set", nargs="+", default=[], metavar="KEY=VALUE", help="other values than the recipe's")
    parser.add_argument("--name", dest="name_as", metavar="VARIANT", help="call the checkpoint FAMILY/VARIANT")
    parser.add_argument("--out", type=folder, default=Path("checkpoints"), help="folder of the checkpoints")
    parser.add_argument("--state", type=folder, default=Path("runs"), help="folder a killed run goes on from")
    parser.add_argument("--resume", action="store_true", help="go on from the last complete state in --state")
    parser.add_argument("--overwrite", action="store_true", help="replace an earlier run in --out and --state")
    parser.add_argument("--steps", type=positive, help="train for another number of steps than the recipe's")
    parser.add_argument("--seed", type=int, help="train with another seed than the recipe's")
    of_seeds = parser.add_mutually_exclusive_group()
    of_seeds.add_argument(
        "--median",
        type=folder,
        nargs="+",
        metavar="DIR",
        help="ship the median of the runs in these folders, with the figures of all",
    )
    of_seeds.add_argument(
        "--lowest-loss",
        type=folder,
        nargs="+",
        metavar="DIR",
        help="ship the run that ended with the lowest loss instead",
    )
    parser.add_argument("--list", action="store_true", help="all recipes, with their cost and figure")
    parser.add_argument("--verify", action="store_true", help="measure the checkpoint again from its weights")
    parser.add_argument("--measure", action="store_true", help="make codes, figures and card again from the weights")
    parser.add_argument("--map", action="store_true", help="make the planes of the test codes again from the weights")
    parser.add_argument(
        "--networks", action="store_true", help="make the graphs again that the page computes; without a name, of all"
    )
    parser.add_argument(
        "--table",
        type=folder,
        metavar="FILE",
        help="write class, error and code of each test picture as .csv or .parquet",
    )
    parser.add_argument("--card", action="store_true", help="write the card again from the config")
    return parser


def folder(text: str) -> Path:
    return Path(text).expanduser()


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
