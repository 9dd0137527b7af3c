"""Options that several measurements have, and the types of their values."""

import argparse
import re


def count(low, high):
    """The type of an option that is a whole number from low to high."""

    def parse(text):
        if not re.fullmatch("[0-9]{1,12}", text) or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from {low} to {high}")
        return int(text)

    return parse


def counts(low, high):
    """The type of an option that is a list of such numbers, separated by commas."""

    def parse(text):
        return [count(low, high)(each) for each in text.split(",")]

    return parse


def setting(text):
    if not re.fullmatch(r"[A-Z][A-Z0-9_]*=.*", text):
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=VALUE, such as ATELIER_RETAIN=30d")
    return tuple(text.split("=", 1))


def add_common(command):
    command.add_argument("--json", metavar="FILE", help="also write the figures and the machine to this file")
    command.add_argument("--time-limit", metavar="SECONDS", type=count(10, 86_400), default=1_800, help="give up after this time")


def add_system(command, slots=4, warm_up=2_000):
    command.add_argument("--warm-up", metavar="JOBS", type=count(0, 1_000_000), default=warm_up, help="jobs before the first measurement")
    command.add_argument(
        "--set", metavar="NAME=VALUE", type=setting, action="append", default=[],
        help="an environment variable of the system; can be given several times. Others that begin with ATELIER_ are not passed on")
    command.add_argument("--data", metavar="FOLDER", help="where the folder for the data of the system is made, if not in the temporary folder")
    command.add_argument("--keep", action="store_true", help="do not delete the data and the logs of the system")
    if slots:
        command.add_argument("--slots", type=count(1, 64), default=slots, help="tasks that the generator worker runs at a time")
