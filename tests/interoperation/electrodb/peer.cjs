"use strict";
// The JavaScript side with ElectroDB, in its default casing, and what it does in each step. See `run`.

const { Entity } = require("electrodb");
const {
  client,
  count,
  createTable,
  deleteTable,
  expect,
  expectEmpty,
  expectFound,
  expectRead,
  expectRefusal,
  run,
} = require("sides.cjs");

const table = "electro";

const Customer = new Entity(
  {
    model: { service: "shop", entity: "customer", version: "1" },
    attributes: {
      customerId: { type: "string", required: true },
      email: { type: "string", required: true },
      tier: { type: ["Gold", "Silver"], required: true },
      active: { type: "boolean", required: true },
      balance: { type: "number", required: true },
      address: {
        type: "map",
        properties: {
          street: { type: "string", required: true },
          city: { type: "string", required: true },
          note: { type: "string" },
        },
      },
      tags: { type: "set", items: "string" },
      scores: { type: "list", items: { type: "number" } },
      extra: { type: "any" },
      createdAt: { type: "number", required: true, readOnly: true, default: () => Date.now() },
      updatedAt: { type: "number", required: true, watch: "*", set: () => Date.now(), default: () => Date.now() },
    },
    indexes: {
      customer: { pk: { field: "pk", composite: ["customerId"] }, sk: { field: "sk", composite: [] } },
      byEmail: {
        index: "gsi1",
        pk: { field: "gsi1pk", composite: ["email"] },
        sk: { field: "gsi1sk", composite: [] },
      },
    },
  },
  { client, table },
);

const Order = new Entity(
  {
    model: { service: "shop", entity: "order", version: "1" },
    attributes: {
      customerId: { type: "string", required: true },
      number: { type: "number", required: true },
      status: { type: ["open", "shipped"], required: true },
      placedAt: { type: "number", required: true },
      priority: { type: "number", required: true, padding: { length: 4, char: "0" } },
      gift: { type: "boolean", required: true },
      total: { type: "number", required: true },
      note: { type: "string" },
      lines: {
        type: "list",
        required: true,
        items: {
          type: "map",
          properties: { sku: { type: "string", required: true }, pieces: { type: "number", required: true } },
        },
      },
      expires: { type: "number" },
    },
    indexes: {
      order: { pk: { field: "pk", composite: ["customerId"] }, sk: { field: "sk", composite: ["number"] } },
      byStatus: {
        index: "gsi1",
        pk: { field: "gsi1pk", composite: ["status"] },
        sk: { field: "gsi1sk", composite: ["placedAt"] },
      },
      byPriority: {
        index: "gsi2",
        pk: { field: "gsi2pk", composite: ["gift"] },
        sk: { field: "gsi2sk", composite: ["priority", "customerId"] },
      },
    },
  },
  { client, table },
);

const ada = {
  customerId: "Ada-1",
  email: "Ada@example.org",
  tier: "Gold",
  active: true,
  balance: 12.5,
  address: { street: "Kai 1", city: "Kiel", note: "Hinterhaus" },
  tags: ["New", "vip"],
  scores: [1, -2.5],
  extra: { list: [1, "two", null, true], map: { k: 1.5 } },
  createdAt: 1714979289123,
};

const bob = {
  customerId: "bob",
  email: "bob@example.org",
  tier: "Silver",
  active: false,
  balance: 0,
  createdAt: 1714979289000,
};

const first = {
  customerId: "Ada-1",
  number: 7,
  status: "open",
  placedAt: 1714979289123,
  priority: 12,
  gift: false,
  total: 99.9,
  note: "a note",
  lines: [
    { sku: "A", pieces: 2 },
    { sku: "B", pieces: 1 },
  ],
  expires: 2000000000,
};

const second = {
  customerId: "Ada-1",
  number: 10,
  status: "open",
  placedAt: 1714979290000,
  priority: 3,
  gift: false,
  total: 5,
  lines: [],
};

async function create() {
  await createTable(table, {
    pk: "pk",
    sk: "sk",
    indexes: { gsi1: ["gsi1pk", "gsi1sk"], gsi2: ["gsi2pk", "gsi2sk"] },
  });
}

async function remove() {
  await deleteTable(table);
}

async function write() {
  await Customer.put(ada).go();
  await Customer.create(bob).go();
  await Order.put([first, second]).go();
  count("written", 4);
}

async function use() {
  const isRefused = (error) => error.isElectroError && error.message.includes("The conditional request failed");
  await read(Customer, ada);
  await read(Customer, bob);
  await read(Order, first);
  await read(Order, second);
  await expectRefusal(isRefused, () => Customer.create(bob).go());

  const email = await Customer.query.byEmail({ email: "ada@example.ORG" }).go();
  expectFound(email.data.map((found) => found.customerId), ["Ada-1"], "customers by their address");
  await expectRefusal(isRefused, () =>
    Customer.patch({ customerId: "Ada-1" }).set({ balance: 0 }).where(({ balance }, { eq }) => eq(balance, 1)).go(),
  );
  await Customer.patch({ customerId: "Ada-1" })
    .set({ email: "Ada@example.com", active: false })
    .add({ balance: 2.5, tags: ["late"] })
    .where(({ balance }, { eq }) => eq(balance, 12.5))
    .go();
  count("updated");
  const moved = await Customer.query.byEmail({ email: "ADA@example.com" }).go();
  expectFound(moved.data.map((found) => found.balance), [15], "customers by their new address");

  const open = await Order.query.byStatus({ status: "open" }).go();
  expectFound(open.data.map((found) => found.number), [7, 10], "open orders");
  const since = await Order.query.byStatus({ status: "open" }).gt({ placedAt: 1714979289123 }).go();
  expectFound(since.data.map((found) => found.number), [10], "open orders after an instant");
  const urgent = await Order.query.byPriority({ gift: false }).lt({ priority: 12 }).go();
  expectFound(urgent.data.map((found) => found.number), [10], "orders that are urgent");
  await Order.patch({ customerId: "Ada-1", number: 7 })
    .set({ status: "shipped", placedAt: first.placedAt })
    .append({ lines: [{ sku: "C", pieces: 3 }] })
    .go();
  count("updated");
  const shipped = await Order.query.byStatus({ status: "shipped" }).go();
  expectFound(shipped.data.map((found) => found.lines.length), [3], "shipped orders");

  await Order.delete({ customerId: "Ada-1", number: 10 }).go();
  await Customer.remove({ customerId: "bob" }).go();
  count("deleted", 2);
}

async function verify() {
  expect((await Customer.get({ customerId: "bob" }).go()).data, null, "the deleted customer");
  expect((await Order.get({ customerId: "Ada-1", number: 10 }).go()).data, null, "the deleted order");
  const changed = await read(Customer, {
    ...ada,
    email: "Ada@example.com",
    active: false,
    balance: 15,
    tags: ["New", "late", "vip"],
  });
  expect(changed.updatedAt > ada.createdAt && changed.updatedAt <= Date.now(), true, "the moment of the update");
  await read(Order, { ...first, status: "shipped", lines: [...first.lines, { sku: "C", pieces: 3 }] });
  await Customer.remove({ customerId: "Ada-1" }).go();
  await Order.remove({ customerId: "Ada-1", number: 7 }).go();
  await expectEmpty(table);
}

async function read(entity, expected) {
  const { data } = await entity.get(expected).go({ consistent: true });
  // The moment of the last write, which the writer's clock gives.
  const { updatedAt } = data;
  const found = data.tags ? { ...data, tags: [...data.tags].sort() } : data;
  expectRead(found, updatedAt ? { ...expected, updatedAt } : expected, `${entity.model.entity} ${JSON.stringify(expected)}`);
  return data;
}

run({ create, remove, write, use, verify });
