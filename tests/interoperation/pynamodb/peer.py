"""The Python side with PynamoDB, and what it does in each step. See `run`."""

import datetime
import os

from pynamodb.attributes import (
    BinaryAttribute,
    BinarySetAttribute,
    BooleanAttribute,
    DiscriminatorAttribute,
    JSONAttribute,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    NumberSetAttribute,
    TTLAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
    VersionAttribute,
)
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError, UpdateError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, IncludeProjection, LocalSecondaryIndex
from pynamodb.models import Model

from sides import count, expect, expect_found, expect_read, expect_refusal, run

UTC = datetime.timezone.utc


class Settings:
    host = os.environ["AWS_ENDPOINT_URL"]
    region = os.environ["AWS_DEFAULT_REGION"]
    billing_mode = "PAY_PER_REQUEST"


class Place(MapAttribute):
    latitude = NumberAttribute()
    longitude = NumberAttribute()
    name = UnicodeAttribute(null=True)
    surveyed = UTCDateTimeAttribute()


class ByStation(GlobalSecondaryIndex):
    class Meta(Settings):
        index_name = "by-station"
        projection = AllProjection()

    station = UnicodeAttribute(hash_key=True)
    received = UTCDateTimeAttribute(range_key=True)


class ByLevel(LocalSecondaryIndex):
    class Meta(Settings):
        index_name = "by-level"
        projection = IncludeProjection(["station"])

    sensor = UnicodeAttribute(hash_key=True)
    level = NumberAttribute(range_key=True)


class Reading(Model):
    """Dates in every form that PynamoDB has: as a key, in an index, plain, within a map, and as a TTL."""

    class Meta(Settings):
        table_name = "readings"

    sensor = UnicodeAttribute(hash_key=True)
    at = UTCDateTimeAttribute(range_key=True)
    station = UnicodeAttribute()
    received = UTCDateTimeAttribute()
    level = NumberAttribute()
    ratio = NumberAttribute()
    valid = BooleanAttribute()
    checked = UTCDateTimeAttribute(null=True)
    expires = TTLAttribute(null=True)
    details = JSONAttribute()
    raw = BinaryAttribute(null=True, legacy_encoding=False)
    checksum = BinaryAttribute(null=True, legacy_encoding=True)
    labels = UnicodeSetAttribute(null=True)
    codes = NumberSetAttribute(null=True)
    chunks = BinarySetAttribute(null=True, legacy_encoding=False)
    place = Place(null=True)
    track = ListAttribute(of=Place)
    extra = MapAttribute(null=True)
    # Named otherwise in the items.
    remark = UnicodeAttribute(attr_name="note", null=True)
    version = VersionAttribute()

    by_station = ByStation()
    by_level = ByLevel()


class Animal(Model):
    """Several models in one table, told apart by a discriminator."""

    class Meta(Settings):
        table_name = "animals"

    owner = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute(attr_name="cls")


class Cat(Animal, discriminator="Cat"):
    lives = NumberAttribute()


class Dog(Animal, discriminator="Dog"):
    breed = UnicodeAttribute()


MODELS = [Reading, Animal]


def full():
    return Reading(
        "s1",
        datetime.datetime(2021, 9, 6, 17, 4, 21, 899683, tzinfo=UTC),
        station="Kiel",
        received=datetime.datetime(2021, 9, 6, 17, 5, 0, 1, tzinfo=UTC),
        level=-7,
        ratio=0.25,
        valid=True,
        checked=datetime.datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
        expires=datetime.datetime(2033, 5, 18, 3, 33, 20, tzinfo=UTC),
        details={"list": [1, "two", None, True], "map": {"k": 1.5}},
        raw=b"\x00\xff",
        checksum=b"\x01\x02",
        labels={"x", "y"},
        codes={-1, 10},
        chunks={b"\x01", b"\x02\x03"},
        place=Place(latitude=54.5, longitude=10.125, name="Kiel", surveyed=datetime.datetime(1999, 12, 31, tzinfo=UTC)),
        track=[
            Place(latitude=1, longitude=2, surveyed=datetime.datetime(2000, 1, 1, 0, 0, 0, 500000, tzinfo=UTC)),
            Place(latitude=-1.5, longitude=0, name="second", surveyed=datetime.datetime(2000, 1, 2, tzinfo=UTC)),
        ],
        extra={"free": "text", "number": 3},
        remark="a note",
    )


def sparse():
    """Without anything that it may lack, at a whole second."""
    return Reading(
        "s1",
        datetime.datetime(2021, 9, 6, 17, 4, 21, tzinfo=UTC),
        station="Kiel",
        received=datetime.datetime(2021, 9, 6, 17, 4, 22, tzinfo=UTC),
        level=12,
        ratio=3,
        valid=False,
        details=[],
        track=[],
    )


def pets():
    return [Cat("Ada", "Tom", lives=7), Dog("Ada", "Rex", breed="poodle"), Cat("Bob", "Kit", lives=9)]


def create():
    for model in MODELS:
        model.create_table(wait=True)


def remove():
    for model in MODELS:
        model.delete_table()


def write():
    full().save()
    sparse().save(Reading.sensor.does_not_exist())
    with Animal.batch_write() as batch:
        for pet in pets():
            batch.save(pet)
    count("written", 2 + len(pets()))


def use():
    found = read(full(), version=1)
    read(sparse(), version=1)
    expect_condition_failed(lambda: full().save(Reading.sensor.does_not_exist()))

    expect_condition_failed(lambda: found.update([Reading.level.set(0)], condition=Reading.level == 0))
    found.update(
        [Reading.level.add(5), Reading.remark.set("changed"), Reading.labels.delete({"x"})],
        condition=Reading.level == -7,
    )
    count("updated")
    expect((found.level, found.remark, found.labels, found.version), (-2, "changed", {"y"}, 2), "what an update returns")
    found.checked = datetime.datetime(2025, 1, 1, 12, 0, 0, 7, tzinfo=UTC)
    found.save()
    count("updated")
    stale = full()
    stale.version = 2
    expect_condition_failed(stale.save)

    minute = datetime.datetime(2021, 9, 6, 17, 5, tzinfo=UTC)
    by_station = [reading.at.microsecond for reading in Reading.by_station.query("Kiel")]
    expect_found(by_station, [0, 899683], "by-station")
    late = [reading.at.microsecond for reading in Reading.by_station.query("Kiel", Reading.received >= minute)]
    expect_found(late, [899683], "by-station since a minute")
    by_level = [(reading.level, reading.station) for reading in Reading.by_level.query("s1", Reading.level > -7)]
    expect_found(by_level, [(-2, "Kiel"), (12, "Kiel")], "by-level")
    second = datetime.datetime(2021, 9, 6, 17, 4, 21, tzinfo=UTC)
    range_of_keys = Reading.at.between(second, second.replace(microsecond=899683))
    expect(len(list(Reading.query("s1", range_of_keys))), 2, "a range of keys ends with its bound")

    Reading.get("s1", second).delete(Reading.version == 1)
    count("deleted")

    for pet in pets():
        read_pet(pet)
    expect([type(pet).__name__ for pet in Animal.query("Ada")], ["Dog", "Cat"], "animals of Ada")
    expect(sorted(pet.name for pet in Cat.scan()), ["Kit", "Tom"], "cats")
    Cat.get("Ada", "Tom").update([Cat.lives.set(Cat.lives - 1)])
    count("updated")
    Dog.get("Ada", "Rex").delete()
    count("deleted")


def verify():
    expect_refusal(DoesNotExist, lambda: Reading.get("s1", sparse().at))
    changed = full()
    changed.level, changed.remark, changed.labels = -2, "changed", {"y"}
    changed.checked = datetime.datetime(2025, 1, 1, 12, 0, 0, 7, tzinfo=UTC)
    found = read(changed, version=3)
    stale = full()
    stale.version = 1
    expect_condition_failed(stale.delete)
    found.delete()
    expect_refusal(DoesNotExist, lambda: Dog.get("Ada", "Rex"))
    for pet in [Cat("Ada", "Tom", lives=6), Cat("Bob", "Kit", lives=9)]:
        read_pet(pet).delete()
    expect(Reading.count() + Animal.count(), 0, "items that are left")


def read(expected, version):
    expected.version = version
    found = Reading.get(expected.sensor, expected.at, consistent_read=True)
    expect_read(plain(found), plain(expected), f"the reading at {expected.at}")
    return found


def read_pet(expected):
    found = Animal.get(expected.owner, expected.name, consistent_read=True)
    expect_read((type(found), plain(found)), (type(expected), plain(expected)), expected.name)
    return found


def expect_condition_failed(operation):
    try:
        operation()
    except (PutError, UpdateError, DeleteError) as error:
        expect(error.cause_response_code, "ConditionalCheckFailedException", "why it is refused")
    else:
        expect("carried out", "refused", "a write under a condition that does not hold")


def plain(value):
    """Two maps of PynamoDB are equal if they are the same object's."""
    if isinstance(value, list):
        return [plain(member) for member in value]
    if isinstance(value, (Model, MapAttribute)):
        return {name: plain(of) for name, of in value.attribute_values.items() if of != {}}
    return value


run(create=create, remove=remove, write=write, use=use, verify=verify)
