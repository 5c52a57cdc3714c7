"use strict";
// The JavaScript side with Dynamoose, and what it does in each step. See `run`.

const dynamoose = require("dynamoose");
const { count, deleteTable, expect, expectEmpty, expectFound, expectRead, expectRefusal, run } = require("sides.cjs");

dynamoose.aws.ddb.set(
  new dynamoose.aws.ddb.DynamoDB({
    endpoint: process.env.AWS_ENDPOINT_URL,
    region: process.env.AWS_DEFAULT_REGION,
  }),
);

const { Schema } = dynamoose;

const parcels = new Schema(
  {
    depot: { type: String, hashKey: true },
    // Milliseconds, as Dynamoose stores dates.
    arrived: { type: Date, rangeKey: true },
    owner: { type: String, required: true, index: { name: "by-owner", type: "global", rangeKey: "due" } },
    // Seconds.
    due: { type: { value: Date, settings: { storage: "seconds" } }, required: true },
    // Text with milliseconds.
    packed: { type: { value: Date, settings: { storage: "iso" } } },
    state: { type: String, enum: ["new", "sent"], required: true },
    weight: { type: Number, required: true },
    fragile: { type: Boolean, required: true },
    label: Buffer,
    tags: { type: Set, schema: [String] },
    codes: { type: Set, schema: [Number] },
    stops: { type: Array, schema: [{ type: Object, schema: { place: String, at: Date } }], required: true },
    home: { type: Object, schema: { place: String, zip: Number } },
    note: { type: [String, dynamoose.type.NULL] },
    extra: dynamoose.type.ANY,
  },
  { timestamps: true, saveUnknown: ["extra.**"] },
);

const events = new Schema(
  {
    source: { type: String, hashKey: true },
    number: { type: Number, rangeKey: true },
    channel: { type: String, required: true },
    text: { type: String, required: true },
    feed: {
      type: { value: "Combine", settings: { attributes: ["channel", "text"], separator: "#" } },
      index: { name: "by-feed", type: "global", project: false },
    },
  },
  {
    timestamps: {
      createdAt: { created: { type: { value: Date, settings: { storage: "iso" } } } },
      updatedAt: { changed: { type: { value: Date, settings: { storage: "seconds" } } } },
    },
  },
);

const Parcel = dynamoose.model("Parcel", parcels);
const Event = dynamoose.model("Event", events);
const options = { create: false, waitForActive: false, throughput: "ON_DEMAND" };
const Parcels = new dynamoose.Table("parcels", [Parcel], options);
const Events = new dynamoose.Table("events", [Event], options);

const full = {
  depot: "Kiel",
  arrived: new Date("2024-05-06T07:08:09.123Z"),
  owner: "Ada",
  due: new Date("2024-06-01T00:00:00.000Z"),
  packed: new Date("2024-05-05T23:59:59.999Z"),
  state: "new",
  weight: 1.5,
  fragile: true,
  label: Buffer.from([0, 255]),
  tags: new Set(["x", "y"]),
  codes: new Set([-1, 10]),
  stops: [
    { place: "Ulm", at: new Date("2024-05-06T08:00:00.001Z") },
    { place: "Bonn", at: new Date("2024-05-06T09:00:00.000Z") },
  ],
  home: { place: "Kai 1", zip: 24103 },
  note: null,
  extra: { list: [1, "two", true], map: { k: 1.5 } },
};

const sparse = {
  depot: "Kiel",
  arrived: new Date("2024-05-06T07:08:09.000Z"),
  owner: "Ada",
  due: new Date("2024-05-07T00:00:00.000Z"),
  state: "sent",
  weight: -3,
  fragile: false,
  stops: [],
};

const log = [1, 2, 30].map((number) => ({
  source: "press",
  number,
  channel: "hall",
  text: number === 1 ? "start" : "stop",
}));

async function create() {
  for (const table of [Parcels, Events]) await table.create();
}

async function remove() {
  for (const name of ["parcels", "events"]) await deleteTable(name);
}

async function write() {
  await Parcel.create(full);
  await Parcel.create(sparse);
  await Event.batchPut(log);
  count("written", 2 + log.length);
}

async function use() {
  const isRefused = (error) => error.name === "ConditionalCheckFailedException";
  await read(Parcel, full);
  await read(Parcel, sparse);
  for (const event of log) await read(Event, event);
  await expectRefusal(isRefused, () => Parcel.create(full));

  const when = (weight) => ({ condition: new dynamoose.Condition("weight").eq(weight) });
  const update = {
    $SET: { state: "sent", due: new Date("2024-05-08T00:00:00.000Z"), note: "late" },
    $ADD: { weight: 2 },
  };
  await expectRefusal(isRefused, () => Parcel.update(keyOf(Parcel, full), update, when(7)));
  const changed = await Parcel.update(keyOf(Parcel, full), update, when(1.5));
  // All that is combined must be given, even where the rest changes.
  await Event.update({ source: "press", number: 2 }, { channel: "hall", text: "pause" });
  count("updated", 2);
  expect([changed.weight, changed.state, changed.note], [3.5, "sent", "late"], "what an update returns");

  const owned = await Parcel.query("owner").eq("Ada").using("by-owner").exec();
  expectFound(owned.map((found) => found.weight), [-3, 3.5], "parcels of an owner");
  const late = new Date("2024-05-07T00:00:00.000Z");
  const due = await Parcel.query("owner").eq("Ada").where("due").gt(late.getTime() / 1000).using("by-owner").exec();
  expectFound(due.map((found) => found.weight), [3.5], "parcels that are due after an instant");
  const paused = await Event.query("feed").eq("hall#pause").using("by-feed").exec();
  expectFound(paused.map((found) => found.number), [2], "events by what is combined");
  const arrived = await Parcel.query("depot").eq("Kiel").where("arrived").le(sparse.arrived.getTime()).exec();
  expect(arrived.map((found) => found.weight), [-3], "parcels up to an instant");

  await Parcel.delete(keyOf(Parcel, sparse));
  await Event.delete({ source: "press", number: 30 });
  count("deleted", 2);
}

async function verify() {
  expect(await Parcel.get(keyOf(Parcel, sparse)), undefined, "the deleted parcel");
  expect(await Event.get({ source: "press", number: 30 }), undefined, "the deleted event");
  const changed = await read(Parcel, {
    ...full,
    state: "sent",
    due: new Date("2024-05-08T00:00:00.000Z"),
    note: "late",
    weight: 3.5,
  });
  expect(changed.updatedAt > changed.createdAt, true, "the moment of the update");
  await read(Event, log[0]);
  await read(Event, { ...log[1], text: "pause" });
  await Parcel.delete(keyOf(Parcel, full));
  await Event.batchDelete(log.slice(0, 2).map((event) => keyOf(Event, event)));
  for (const name of ["parcels", "events"]) await expectEmpty(name);
}

// Dynamoose takes a date of a key as the number that it is stored as.
function keyOf(model, { depot, arrived, source, number }) {
  return model === Parcel ? { depot, arrived: arrived.getTime() } : { source, number };
}

async function read(model, expected) {
  const found = { ...(await model.get(keyOf(model, expected), { consistent: true })) };
  const [createdField, updatedField] = model === Parcel ? ["createdAt", "updatedAt"] : ["created", "changed"];
  const { [createdField]: created, [updatedField]: updated } = found;
  expect(created instanceof Date && updated instanceof Date, true, `the moments of ${model.name}`);
  const computed = model === Event ? { feed: `${expected.channel}#${expected.text}` } : {};
  const moments = { [createdField]: created, [updatedField]: updated };
  // Where Dynamoose writes NULL, Rust writes nothing.
  const noted = (item) => (model === Parcel ? { note: null, ...item } : item);
  expectRead(noted(found), { ...noted(expected), ...computed, ...moments }, `${model.name} ${JSON.stringify(expected)}`);
  return found;
}

run({ create, remove, write, use, verify });
