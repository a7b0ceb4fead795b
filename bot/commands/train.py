"""`train`: a model that fits everything as it is now."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to train even where nothing has changed."""
    parser.add_argument("--force", action="store_true", help="没有变化也重新训练")


def run(args: argparse.Namespace) -> int:
    """Prints the path of the current model."""
    from bot.training import ensure_model

    print(ensure_model(force=args.force))
    return 0
