"""What a program of a Python driver tells of itself: a line of JSON for each thing seen, so that two servers' can be compared."""

import datetime
import decimal
import hashlib
import json
import sys
import traceback
import uuid


def plain(value):
    """A value as JSON, with the type that the driver made of it."""
    if value is None or isinstance(value, (bool, str)):
        return shortened(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, decimal.Decimal):
        return {"decimal": str(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": shortened(bytes(value).hex())}
    if isinstance(value, (datetime.datetime, datetime.date, datetime.timedelta, datetime.time, uuid.UUID)):
        return {type(value).__name__: str(value)}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted(str(each) for each in value)}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return {type(value).__name__: str(value)}


def shortened(text):
    if len(text) <= 2000:
        return text
    return f"{len(text)} long, sha256 {hashlib.sha256(text.encode()).hexdigest()}"


class Transcript:
    """Runs steps, each a function of (settings, say); what a step raises without expecting it is told as a crash."""

    def __init__(self, settings):
        self.settings = settings
        self.step = None

    def say(self, what, value):
        self.line(what=what, saw=plain(value))

    def line(self, **fields):
        print(json.dumps({"step": self.step, **fields}, ensure_ascii=True), flush=True)

    def run(self, steps):
        for name, function in steps.items():
            self.step = name
            try:
                function(self.settings, self.say)
                self.line(done=True)
            except Exception as error:
                self.line(crashed=f"{type(error).__name__}: {error}", trace=traceback.format_exc())


def main(steps):
    """`steps`: name → function. The one argument is a file with the settings."""
    with open(sys.argv[1]) as file:
        settings = json.load(file)
    with open(settings["material"]) as file:
        settings["material"] = json.load(file)
    wanted = settings.get("steps") or list(steps)
    Transcript(settings).run({name: steps[name] for name in wanted})
