"use strict";
// What the programs in JavaScript share: they create tables, compare, count what they did, and tell the harness.

const assert = require("node:assert/strict");
const {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  ScanCommand,
} = require("@aws-sdk/client-dynamodb");

const client = new DynamoDBClient({
  endpoint: process.env.AWS_ENDPOINT_URL,
  region: process.env.AWS_DEFAULT_REGION,
});

const counts = { written: 0, read: 0, updated: 0, found: 0, deleted: 0 };

function count(what, number = 1) {
  counts[what] += number;
}

// What is undefined is absent.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, plain(member)]));
}

function expect(found, expected, what) {
  assert.deepEqual(plain(found), plain(expected), what);
}

// An item that was read is what the other side wrote.
function expectRead(found, expected, what) {
  expect(found, expected, what);
  count("read");
}

// The items that a query of an index found, in their order.
function expectFound(found, expected, what) {
  expect(found, expected, what);
  count("found", expected.length);
}

async function expectRefusal(isExpected, operation) {
  try {
    await operation();
  } catch (error) {
    assert(isExpected(error), error);
    return;
  }
  assert.fail("it was carried out, and its condition does not hold");
}

// Creates a table of text keys: `{ pk, sk, indexes: { gsi1: [gsi1pk, gsi1sk] } }`.
async function createTable(name, { pk, sk, indexes = {} }) {
  const key = ([partition, sort]) => [
    { AttributeName: partition, KeyType: "HASH" },
    ...(sort ? [{ AttributeName: sort, KeyType: "RANGE" }] : []),
  ];
  const attributes = new Set([pk, sk, ...Object.values(indexes).flat()].filter(Boolean));
  const global = Object.entries(indexes).map(([IndexName, names]) => ({
    IndexName,
    KeySchema: key(names),
    Projection: { ProjectionType: "ALL" },
  }));
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: key([pk, sk]),
      AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      GlobalSecondaryIndexes: global.length > 0 ? global : undefined,
    }),
  );
}

async function deleteTable(name) {
  await client.send(new DeleteTableCommand({ TableName: name }));
}

// Nothing is left in a table, whatever a library takes for an item of its own.
async function expectEmpty(name) {
  const { Items } = await client.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
  expect(Items, [], `what is left in ${name}`);
}

// Does the step that the command line names, and prints what was counted as one line of JSON.
async function run(steps) {
  await steps[process.argv[2]]();
  console.log(JSON.stringify(counts));
}

module.exports = {
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
};
