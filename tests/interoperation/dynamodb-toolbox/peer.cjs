"use strict";
// The JavaScript side with DynamoDB-Toolbox, and what it does in each step. See `run`.

const { DynamoDBDocumentClient } = require("@aws-sdk/lib-dynamodb");
const {
  $add,
  $append,
  any,
  anyOf,
  binary,
  boolean,
  DeleteItemCommand,
  Entity,
  GetItemCommand,
  item,
  list,
  map,
  number,
  PutItemCommand,
  QueryCommand,
  record,
  ScanCommand,
  set,
  string,
  Table,
  UpdateItemCommand,
} = require("dynamodb-toolbox");
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

const PokemonTable = new Table({
  name: "toolbox",
  partitionKey: { name: "pk", type: "string" },
  sortKey: { name: "sk", type: "string" },
  indexes: {
    gsi1: {
      type: "global",
      partitionKey: { name: "gsi1pk", type: "string" },
      sortKey: { name: "gsi1sk", type: "string" },
    },
  },
  documentClient: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
});

const Trainer = new Entity({
  name: "Trainer",
  table: PokemonTable,
  schema: item({
    name: string().key(),
    team: string(),
    badges: number().default(0),
    active: boolean().savedAs("on"),
    level: string().enum("novice", "master"),
    secret: binary().optional(),
    tags: set(string()).optional(),
    ranks: set(number()).optional(),
    visits: list(string()),
    home: map({ place: string(), zip: number().optional() }).optional(),
    scores: record(string(), number()),
    prize: anyOf(
      map({ type: string().const("money"), amount: number() }),
      map({ type: string().const("cup"), title: string() }),
    )
      .discriminate("type")
      .optional(),
    extra: any().optional(),
  }).and((schema) => ({
    gsi1pk: string()
      .hidden()
      .putLink(({ team }) => `TEAM#${team}`)
      .updateLink(({ team }) => team && `TEAM#${team}`),
    gsi1sk: string()
      .hidden()
      .putLink(({ level, name }) => `TRAINER#${level}#${name}`)
      .updateLink(({ level, name }) => level && `TRAINER#${level}#${name}`),
  })),
  computeKey: ({ name }) => ({ pk: `TRAINER#${name}`, sk: "TRAINER" }),
});

const Pokemon = new Entity({
  name: "Pokemon",
  table: PokemonTable,
  schema: item({
    trainer: string().key(),
    number: number().key(),
    species: string(),
    caughtAt: string(),
    healedAt: number().optional(),
  }).and(() => ({
    gsi1pk: string()
      .hidden()
      .putLink(({ species }) => `SPECIES#${species}`),
    gsi1sk: string()
      .hidden()
      .putLink(({ caughtAt }) => `CAUGHT#${caughtAt}`),
  })),
  computeKey: ({ trainer, number }) => ({ pk: `TRAINER#${trainer}`, sk: `POKEMON#${String(number).padStart(4, "0")}` }),
});

const ash = {
  name: "Ash",
  team: "Red",
  badges: 3,
  active: true,
  level: "master",
  secret: new Uint8Array([0, 255]),
  tags: new Set(["x", "y"]),
  ranks: new Set([-1, 10]),
  visits: ["Kiel", ""],
  home: { place: "Pallet", zip: 7 },
  scores: { "a.b": 1, "c d": -2.5 },
  prize: { type: "cup", title: "Indigo" },
  extra: { list: [1, "two", null, true], map: { k: 1.5 } },
};

const misty = { name: "Misty", team: "Red", badges: 0, active: false, level: "novice", visits: [], scores: {} };

const pikachu = {
  trainer: "Ash",
  number: 25,
  species: "Pikachu",
  caughtAt: "2024-05-06T07:08:09.123Z",
  healedAt: 1714979289123,
};
const other = { trainer: "Misty", number: 7, species: "Pikachu", caughtAt: "2024-05-06T07:08:09.000Z" };

async function create() {
  await createTable("toolbox", { pk: "pk", sk: "sk", indexes: { gsi1: ["gsi1pk", "gsi1sk"] } });
}

async function remove() {
  await deleteTable("toolbox");
}

async function write() {
  for (const trainer of [ash, misty]) {
    await Trainer.build(PutItemCommand).item(trainer).options({ condition: { attr: "name", exists: false } }).send();
  }
  for (const pokemon of [pikachu, other]) await Pokemon.build(PutItemCommand).item(pokemon).send();
  count("written", 4);
}

async function use() {
  const isRefused = (error) => error.name === "ConditionalCheckFailedException";
  await read(Trainer, ash);
  await read(Trainer, misty);
  await read(Pokemon, pikachu);
  await read(Pokemon, other);
  const absent = { condition: { attr: "name", exists: false } };
  await expectRefusal(isRefused, () => Trainer.build(PutItemCommand).item(ash).options(absent).send());

  const update = { name: "Ash", badges: $add(2), visits: $append(["Ulm"]), home: { place: "Viridian" } };
  await expectRefusal(isRefused, () =>
    Trainer.build(UpdateItemCommand).item(update).options({ condition: { attr: "badges", eq: 4 } }).send(),
  );
  await Trainer.build(UpdateItemCommand).item(update).options({ condition: { attr: "badges", eq: 3 } }).send();
  // Links are computed anew from what an update gives.
  await Trainer.build(UpdateItemCommand).item({ name: "Ash", team: "Blue", level: "novice" }).send();
  await Pokemon.build(UpdateItemCommand).item({ trainer: "Ash", number: 25, healedAt: 1714979289124 }).send();
  count("updated", 3);

  expectFound(await names(Trainer, { index: "gsi1", partition: "TEAM#Blue" }), ["Ash"], "trainers of the new team");
  const novices = { index: "gsi1", partition: "TEAM#Red", range: { beginsWith: "TRAINER#novice#" } };
  expectFound(await names(Trainer, novices), ["Misty"], "novices of a team");
  const caught = { index: "gsi1", partition: "SPECIES#Pikachu" };
  expectFound(await names(Pokemon, caught, "number"), [7, 25], "of a species");
  const since = { ...caught, range: { gt: "CAUGHT#2024-05-06T07:08:09.000Z" } };
  expectFound(await names(Pokemon, since, "number"), [25], "of a species since an instant");
  const { Items: trainers } = await PokemonTable.build(ScanCommand).entities(Trainer).send();
  expect(trainers.map((trainer) => trainer.name).sort(), ["Ash", "Misty"], "all trainers");

  await Trainer.build(DeleteItemCommand).key({ name: "Misty" }).send();
  await Pokemon.build(DeleteItemCommand).key({ trainer: "Misty", number: 7 }).send();
  count("deleted", 2);
}

async function verify() {
  const gone = await Trainer.build(GetItemCommand).key({ name: "Misty" }).send();
  expect(gone.Item, undefined, "the deleted trainer");
  const changed = await read(Trainer, {
    ...ash,
    badges: 5,
    team: "Blue",
    level: "novice",
    visits: ["Kiel", "", "Ulm"],
    home: { place: "Viridian", zip: 7 },
  });
  expect(changed.modified > changed.created, true, "the moment of the update");
  await read(Pokemon, { ...pikachu, healedAt: 1714979289124 });
  await Trainer.build(DeleteItemCommand).key({ name: "Ash" }).send();
  await Pokemon.build(DeleteItemCommand).key({ trainer: "Ash", number: 25 }).send();
  await expectEmpty("toolbox");
}

async function names(entity, query, name = "name") {
  const { Items } = await PokemonTable.build(QueryCommand).entities(entity).query(query).send();
  return Items.map((found) => found[name]);
}

async function read(entity, expected) {
  const { Item } = await entity.build(GetItemCommand).key(expected).options({ consistent: true }).send();
  const { entity: name, created, modified } = Item;
  expect(typeof created === "string" && modified >= created, true, `the moments of ${entity.entityName}`);
  expectRead(Item, { ...expected, entity: name, created, modified }, `${entity.entityName} ${JSON.stringify(expected)}`);
  return Item;
}

run({ create, remove, write, use, verify });
