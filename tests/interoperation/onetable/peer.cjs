"use strict";
// The JavaScript side with OneTable, and what it does in each step. See `run`.

const { Table } = require("dynamodb-onetable");
const { client, count, expect, expectEmpty, expectFound, expectRead, expectRefusal, run } = require("sides.cjs");

// Dates are text with milliseconds.
const table = new Table({
  name: "onetable",
  client,
  partial: false,
  schema: {
    format: "onetable:1.1.0",
    version: "0.0.1",
    indexes: {
      primary: { hash: "pk", sort: "sk" },
      gs1: { hash: "gs1pk", sort: "gs1sk", project: "all" },
    },
    params: { isoDates: true, timestamps: true, typeField: "_type" },
    models: {
      Account: {
        pk: { type: String, value: "account:${name}" },
        sk: { type: String, value: "account:" },
        name: { type: String, required: true },
        balance: { type: Number, required: true },
        active: { type: Boolean, required: true },
        plan: { type: String, enum: ["free", "pro"], required: true },
        opened: { type: Date, required: true },
        closed: { type: Date },
        // A number of seconds.
        expires: { type: Date, ttl: true },
        logo: { type: Buffer },
        tags: { type: Set },
        address: {
          type: Object,
          schema: { street: { type: String, required: true }, moved: { type: Date, required: true } },
        },
        scores: { type: Array, items: { type: Number } },
        extra: { type: Object },
      },
      User: {
        pk: { type: String, value: "account:${account}" },
        sk: { type: String, value: "user:${number}" },
        gs1pk: { type: String, value: "user:${email}" },
        gs1sk: { type: String, value: "user:" },
        account: { type: String, required: true },
        number: { type: Number, required: true },
        email: { type: String, required: true },
        note: { type: String, nulls: true },
      },
      Visit: {
        pk: { type: String, value: "account:${account}" },
        sk: { type: String, value: "visit:${at}" },
        gs1pk: { type: String, value: "page:${page}" },
        gs1sk: { type: String, value: "visit:${at}" },
        account: { type: String, required: true },
        page: { type: String, required: true },
        at: { type: Date, required: true },
        rank: { type: Number, required: true },
      },
    },
  },
});

// Dates are numbers of milliseconds, as they are without `isoDates`.
const log = new Table({
  name: "onetable-log",
  client,
  partial: false,
  schema: {
    format: "onetable:1.1.0",
    version: "0.0.1",
    indexes: { primary: { hash: "pk", sort: "sk" } },
    params: { timestamps: true, createdField: "createdAt", updatedField: "updatedAt" },
    models: {
      Event: {
        pk: { type: String, value: "source:${source}" },
        sk: { type: String, value: "event:${at}" },
        source: { type: String, required: true },
        at: { type: Date, required: true },
        seen: { type: Date },
        text: { type: String, required: true },
      },
    },
  },
});

const Account = table.getModel("Account");
const User = table.getModel("User");
const Visit = table.getModel("Visit");
const Event = log.getModel("Event");

const acme = {
  name: "Acme",
  balance: 12.5,
  active: true,
  plan: "pro",
  opened: new Date("2024-05-06T07:08:09.123Z"),
  closed: new Date("2025-01-01T00:00:00.007Z"),
  expires: new Date("2033-05-18T03:33:20.000Z"),
  logo: Buffer.from([0, 255, 1]),
  tags: new Set(["x", "y"]),
  address: { street: "Kai 1", moved: new Date("2020-02-29T23:59:59.999Z") },
  scores: [1, -2.5],
  extra: { list: [1, "two", true], map: { k: 1.5 } },
};

const bare = { name: "bare", balance: 0, active: false, plan: "free", opened: new Date("2024-05-06T07:08:09.000Z") };

const ada = { account: "Acme", number: 42, email: "Ada@example.org", note: null };
const bob = { account: "Acme", number: 7, email: "bob@example.org", note: "second" };

const visits = [
  { account: "Acme", page: "start", at: new Date("2024-05-06T07:08:09.000Z"), rank: 1 },
  { account: "Acme", page: "start", at: new Date("2024-05-06T07:08:09.123Z"), rank: 2 },
  { account: "Acme", page: "end", at: new Date("2024-05-07T00:00:00.000Z"), rank: 3 },
];

const started = {
  source: "press",
  at: new Date("2024-05-06T07:08:09.123Z"),
  seen: new Date("2024-05-06T07:08:10.000Z"),
  text: "started",
};
const stopped = { source: "press", at: new Date("2024-05-06T07:08:10.000Z"), text: "stopped" };

async function create() {
  for (const each of [table, log]) await each.createTable();
}

async function remove() {
  for (const each of [table, log]) await each.deleteTable("DeleteTableForever");
}

async function write() {
  await Account.create(acme);
  await Account.create(bare);
  await User.create(ada);
  await User.create(bob);
  const batch = {};
  for (const visit of visits) await Visit.create(visit, { batch });
  await table.batchWrite(batch);
  await Event.create(started);
  await Event.create(stopped);
  count("written", 6 + visits.length);
}

async function use() {
  const isRefused = (error) => `${error.code} ${error.context?.err?.name}`.includes("ConditionalCheckFailedException");
  await read(Account, acme);
  await read(Account, bare);
  await read(User, ada);
  await read(User, bob);
  for (const visit of visits) await read(Visit, visit);
  await expectRefusal(isRefused, () => Account.create(acme));

  await expectRefusal(isRefused, () => Account.update({ name: "Acme", balance: 1 }, { where: "${balance} = {0}" }));
  const changed = await Account.update(
    { name: "Acme", active: false, closed: new Date("2025-02-02T02:02:02.020Z") },
    { where: "${balance} = {12.5}", add: { balance: 2.5 }, set: { "address.street": "Weg 2" } },
  );
  count("updated");
  expect([changed.balance, changed.active], [15, false], "what an update returns");

  const byEmail = await User.find({ email: "Ada@example.org" }, { index: "gs1" });
  expectFound(byEmail.map((user) => user.number), [42], "users by their address");
  await User.update({ account: "Acme", number: 42, email: "ada@example.com" });
  count("updated");
  const moved = await User.find({ email: "ada@example.com" }, { index: "gs1" });
  expectFound(moved.map((user) => user.number), [42], "users by their new address");
  const start = await Visit.find({ page: "start" }, { index: "gs1" });
  expectFound(start.map((visit) => visit.rank), [1, 2], "visits of a page");
  const since = await Visit.find(
    { page: "start", gs1sk: { ">=": "visit:2024-05-06T07:08:09.100Z" } },
    { index: "gs1" },
  );
  expectFound(since.map((visit) => visit.rank), [2], "visits of a page since an instant");
  const users = await User.find({ account: "Acme" });
  // As text, 42 is before 7.
  expect(users.map((user) => user.number), [42, 7], "users of an account");

  await User.remove({ account: "Acme", number: 7 });
  await Account.remove({ name: "bare" });
  await Visit.remove(visits[2]);
  count("deleted", 3);

  await read(Event, started);
  await read(Event, stopped);
  const late = await Event.find({ source: "press", sk: { ">": "event:1714979289123" } });
  expect(late.map((event) => event.text), ["stopped"], "late events");
  await Event.update({ ...started, seen: new Date("2024-05-06T07:08:11.001Z") });
  count("updated");
  await Event.remove(stopped);
  count("deleted");
}

async function verify() {
  expect(await Account.get({ name: "bare" }), undefined, "the deleted account");
  expect(await User.get({ account: "Acme", number: 7 }), undefined, "the deleted user");
  expect(await Visit.get(visits[2]), undefined, "the deleted visit");
  const changed = await read(Account, {
    ...acme,
    active: false,
    balance: 15,
    closed: new Date("2025-02-02T02:02:02.020Z"),
    address: { ...acme.address, street: "Weg 2" },
  });
  expect(changed.updated > changed.created, true, "the moment of the update");
  await read(User, { ...ada, email: "ada@example.com" });
  await Account.remove({ name: "Acme" });
  await User.remove(ada);
  for (const visit of visits.slice(0, 2)) {
    await read(Visit, visit);
    await Visit.remove(visit);
  }
  expect(await Event.get(stopped), undefined, "the deleted event");
  await read(Event, { ...started, seen: new Date("2024-05-06T07:08:11.001Z") });
  await Event.remove(started);
  for (const name of ["onetable", "onetable-log"]) await expectEmpty(name);
}

async function read(model, expected) {
  const found = await model.get(expected, { consistent: true });
  // The moments of the first and the last write, which the writer's clock gives.
  const [createdField, updatedField] = model === Event ? ["createdAt", "updatedAt"] : ["created", "updated"];
  const { [createdField]: created, [updatedField]: updated } = found;
  expect(created instanceof Date && updated >= created, true, `the moments of ${model.name}`);
  const moments = { [createdField]: created, [updatedField]: updated };
  // Where OneTable writes NULL, Rust writes nothing.
  const noted = (item) => (model === User ? { note: null, ...item } : item);
  expectRead(noted(found), { ...noted(expected), ...moments }, `${model.name} ${JSON.stringify(expected)}`);
  return found;
}

run({ create, remove, write, use, verify });
