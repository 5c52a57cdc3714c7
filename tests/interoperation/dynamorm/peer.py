"""The Python side with DynamORM, and what it does in each step. See `run`."""

import datetime
import decimal
import os
import uuid
import warnings

warnings.simplefilter("ignore")

from dynamorm import DynaModel, GlobalIndex, LocalIndex, ProjectAll, ProjectInclude, ProjectKeys
from dynamorm.exceptions import ConditionFailed, HashKeyExists
from dynamorm.table import DynamoTable3
from marshmallow import Schema, fields

from sides import count, expect, expect_found, expect_read, expect_refusal, run

DynamoTable3.get_resource(endpoint_url=os.environ["AWS_ENDPOINT_URL"])

UTC = datetime.timezone.utc


class Stop(Schema):
    place = fields.Str(required=True)
    pieces = fields.Int(required=True)
    note = fields.Str()


class Sample(DynaModel):
    class Table:
        name = "samples"
        # Not `name`, which is reserved: DynamORM writes names of keys into expressions as they are.
        hash_key = "label"
        range_key = "rank"
        read = 5
        write = 4
        stream = "NEW_AND_OLD_IMAGES"

    class ByOwner(GlobalIndex):
        name = "by-owner"
        hash_key = "owner"
        range_key = "total"
        read = 3
        write = 2
        projection = ProjectAll()

    class ByDay(GlobalIndex):
        name = "by-day"
        hash_key = "day"
        read = 1
        write = 1
        projection = ProjectInclude("owner")

    class Schema:
        label = fields.Str(required=True)
        rank = fields.Int(required=True)
        owner = fields.Str(required=True)
        total = fields.Int(required=True)
        day = fields.Date(required=True)
        amount = fields.Decimal(required=True)
        ratio = fields.Decimal(required=True)
        flag = fields.Bool(required=True)
        id = fields.UUID(required=True)
        at = fields.AwareDateTime(required=True, default_timezone=UTC)
        seen = fields.Int()
        colour = fields.Str(required=True)
        note = fields.Str()
        words = fields.List(fields.Str(), required=True)
        stops = fields.List(fields.Nested(Stop), required=True)
        home = fields.Nested(Stop)
        scores = fields.Dict(keys=fields.Str(), values=fields.Int(), required=True)
        tags = fields.Raw()
        numbers = fields.Raw()
        data = fields.Raw()
        extra = fields.Raw()


class Blob(DynaModel):
    class Table:
        name = "blobs"
        hash_key = "number"
        read = 1
        write = 1

    class ByData(GlobalIndex):
        name = "by-data"
        hash_key = "data"
        read = 1
        write = 1
        projection = ProjectKeys()

    class Schema:
        number = fields.Int(required=True)
        data = fields.Raw(required=True)
        text = fields.Str(required=True)


class Entry(DynaModel):
    class Table:
        name = "entries"
        hash_key = "label"
        range_key = "rank"
        read = 1
        write = 1

    class ByTotal(LocalIndex):
        name = "by-total"
        hash_key = "label"
        range_key = "total"
        projection = ProjectInclude("owner")

    class Schema:
        label = fields.Str(required=True)
        rank = fields.Int(required=True)
        total = fields.Int(required=True)
        owner = fields.Str(required=True)
        note = fields.Str()


FULL = dict(
    label="full",
    rank=1,
    owner="Ada",
    total=10,
    day=datetime.date(2024, 2, 29),
    amount=decimal.Decimal("123.45"),
    ratio=decimal.Decimal("0.1"),
    flag=True,
    id=uuid.UUID("01234567-89ab-cdef-0123-456789abcdef"),
    at=datetime.datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC),
    seen=1700000000,
    colour="deep blue",
    note="a note",
    words=["a", "", "ü"],
    stops=[dict(place="Ulm", pieces=1), dict(place="Bonn", pieces=2, note="late")],
    home=dict(place="Kiel", pieces=3),
    scores={"a.b": -1, "c d": 2},
    tags={"x", "y"},
    numbers={-1, 10},
    data=b"\x00\xff",
    extra={"list": [1, "two", None, True], "map": {"k": decimal.Decimal("1.5")}},
)

# Without anything that it may lack, and at a whole second, whose microseconds Marshmallow leaves out.
SPARSE = dict(
    label="sparse",
    rank=18446744073709551615,
    owner="Ada",
    total=-5,
    day=datetime.date(1, 1, 1),
    amount=decimal.Decimal("-12345678901234567890123456789012345678"),
    ratio=decimal.Decimal("-2.5"),
    flag=False,
    id=uuid.UUID(int=0),
    at=datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
    colour="red",
    words=[],
    stops=[],
    scores={},
)

BLOB = dict(number=7, data=b"\x01\x02\x03", text="seven")
ENTRIES = [dict(label="a", rank=rank, total=-rank, owner="Ada", note="n") for rank in (1, 2, 3)]

MODELS = [Sample, Blob, Entry]


def create():
    for model in MODELS:
        model.Table.create_table()


def accept():
    # DynamORM takes a local index for a global one that is missing, on a table that it has created itself as well.
    for model in [Sample, Blob]:
        steps = model.Table.update_table()
        expect(steps, 0, f"steps of {model.Table.name}")


def remove():
    for model in MODELS:
        model.Table.delete()


def write():
    Sample.put(FULL)
    Sample.put_unique(SPARSE)
    Blob.put_batch(BLOB)
    Entry.put_batch(*ENTRIES)
    count("written", 3 + len(ENTRIES))


def use():
    full = read(FULL)
    read(SPARSE)
    expect_refusal(HashKeyExists, lambda: Sample.put_unique(FULL))

    expect_refusal(ConditionFailed, lambda: full.update(note="wrong", conditions=dict(total=11)))
    full.update(note="changed", conditions=dict(total=10, owner="Ada"))
    full.update(total__plus=5, words__append=["x"], home__place="Bonn")
    count("updated")
    expect((full.note, full.total, full.words[-1]), ("changed", 15, "x"), "what an update returns")

    by_owner = list(Sample.ByOwner.query(owner="Ada"))
    expect_found([(found.label, found.total) for found in by_owner], [("sparse", -5), ("full", 15)], "by-owner")
    above = list(Sample.ByOwner.query(owner="Ada", total__gt=0))
    expect_found([found.label for found in above], ["full"], "by-owner above 0")
    by_day = list(Sample.ByDay.query(day="2024-02-29"))
    by_day = [(found.label, found.owner, getattr(found, "note", None)) for found in by_day]
    expect_found(by_day, [("full", "Ada", None)], "by-day")
    expect(len(list(Sample.scan(colour="red"))), 1, "a filtered scan")

    Sample.get(label="sparse", rank=SPARSE["rank"]).delete()
    count("deleted")
    expect_read(Blob.get(number=7).text, "seven", "the blob")
    expect_found([found.number for found in Blob.ByData.query(data=BLOB["data"])], [7], "by-data")
    by_total = list(Entry.ByTotal.query(label="a", total__gt=-3))
    found = [(found.rank, found.total, found.owner, getattr(found, "note", None)) for found in by_total]
    expect_found(found, [(2, -2, "Ada", None), (1, -1, "Ada", None)], "by-total")


def verify():
    expect(Sample.get(label="sparse", rank=SPARSE["rank"]), None, "the deleted item")
    changed = dict(FULL, note="changed", total=15, words=[*FULL["words"], "x"], home=dict(place="Bonn", pieces=3))
    read(changed).delete()
    Blob.get(number=7).delete()
    for entry in ENTRIES:
        Entry.get(label="a", rank=entry["rank"]).delete()


def read(expected):
    found = Sample.get(label=expected["label"], rank=expected["rank"], consistent=True)
    names = Sample.Schema.dynamorm_fields()
    values = {name: plain(getattr(found, name, None)) for name in names}
    expect_read(values, {name: plain(expected.get(name)) for name in names}, expected["label"])
    return found


def plain(value):
    """boto3 wraps bytes."""
    return bytes(value) if type(value).__name__ == "Binary" else value


run(create=create, accept=accept, remove=remove, write=write, use=use, verify=verify)
