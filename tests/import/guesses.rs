//! What is guessed of stored items.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use dynamorm_generator::import::{Options, Source};
use serde_json::{Value, json};

use crate::{table_with, text};

fn items(count: usize, item: impl Fn(usize) -> Value) -> Vec<Value> {
    (0..count).map(item).collect()
}

/// The line of a field, without its comment.
fn line<'t>(text: &'t str, field: &str) -> &'t str {
    let is_of = |line: &&str| line.split([' ', '=']).next() == Some(field);
    let line = text.lines().find(is_of).unwrap_or_else(|| panic!("no `{field}`\n{text}"));
    line.split(" # ").next().unwrap_or(line)
}

#[test]
fn numbers_take_the_widest_type() {
    let imported = table_with(&items(
        3,
        |n| json!({ "id": { "S": format!("x{n}") }, "whole": { "N": n.to_string() }, "exact": { "N": "1.5" }, "large": { "N": "1E+40" } }),
    ));
    assert_eq!(line(imported.text(), "whole"), "whole = \"i128\"");
    assert_eq!(line(imported.text(), "exact"), "exact = \"decimal\"");
    assert_eq!(line(imported.text(), "large"), "large = \"decimal\"");
}

#[test]
fn numbers_are_instants_where_name_and_value_say_so() {
    let imported = table_with(&items(3, |n| {
        json!({
            "id": { "S": format!("x{n}") },
            "createdAt": { "N": format!("170000000{n}") },
            "seen_at": { "N": format!("170000000000{n}") },
            "phone": { "N": format!("170000000{n}") },
            "update_time": { "N": n.to_string() },
        })
    }));
    let text = imported.text();
    assert_eq!(
        line(text, "createdAt"),
        "createdAt = { type = \"timestamp\", stored_as = \"epoch-seconds\" }"
    );
    assert_eq!(
        line(text, "seen_at"),
        "seen_at = { type = \"timestamp\", stored_as = \"epoch-milliseconds\" }"
    );
    assert_eq!(line(text, "phone"), "phone = \"i128\"");
    assert_eq!(line(text, "update_time"), "update_time = \"i128\"");
}

#[test]
fn text_has_a_form_only_where_it_is_exactly_that() {
    let imported = table_with(&items(3, |n| {
        json!({
            "id": { "S": format!("9f4c7a34-9b3e-4a54-8c5a-0b7a3e1f2d4{n}") },
            "upper": { "S": format!("9F4C7A34-9B3E-4A54-8C5A-0B7A3E1F2D4{n}") },
            "cases": { "S": format!("9{}4c7a34-9b3e-4a54-8c5a-0b7a3e1f2d4{n}", ["f", "F"][n % 2]) },
            "flag": { "S": (n > 0).to_string() },
            "document": { "S": format!("{{\"a\":[{n},true],\"b\":\"x\"}}") },
            "spaced": { "S": format!("{{\"b\": {n}, \"a\": 1}}") },
            "digits": { "S": format!("1234{n}") },
            "python": { "S": format!("2021-09-06T17:04:21.89968{n}+0000") },
            "micros": { "S": format!("2021-09-06T17:04:21.89968{n}Z") },
            "millis": { "L": [{ "S": format!("2021-09-06T17:04:21.89{n}Z") }] },
            "java": { "S": if n == 0 { "2021-09-06T17:04:21Z" } else { "2021-09-06T17:04:21.899Z" } },
            "local": { "S": format!("2021-09-06T17:04:2{n}") },
            "day": { "S": format!("2021-09-0{}", n + 1) },
            "no_day": { "S": format!("2021-09-3{}", n) },
            "mixed": { "S": if n == 0 { "2021-09-06".to_owned() } else { "x".to_owned() } },
        })
    }));
    let text = imported.text();
    assert_eq!(line(text, "id"), "id = \"uuid\"");
    assert_eq!(line(text, "upper"), "upper = { type = \"uuid\", stored_as = \"upper-case\" }");
    assert_eq!(line(text, "cases"), "cases = \"string\"");
    assert_eq!(line(text, "flag"), "flag = { type = \"bool\", stored_as = \"text\" }");
    assert_eq!(line(text, "document"), "document = { type = \"json\", stored_as = \"text\" }");
    assert_eq!(line(text, "spaced"), "spaced = \"string\"");
    assert_eq!(line(text, "digits"), "digits = \"string\"");
    assert_eq!(
        line(text, "python"),
        "python = { type = \"timestamp\", stored_as = \"YYYY-MM-DDTHH:MM:SS.ffffff+0000\" }"
    );
    assert_eq!(line(text, "micros"), "micros = \"timestamp\"");
    assert_eq!(
        line(text, "millis"),
        "millis = { type = \"list<timestamp>\", stored_as = \"YYYY-MM-DDTHH:MM:SS.fffZ\" }"
    );
    assert_eq!(line(text, "java"), "java = \"string\"");
    assert_eq!(line(text, "local"), "local = \"string\"");
    assert_eq!(line(text, "day"), "day = \"date\"");
    assert_eq!(line(text, "no_day"), "no_day = \"string\"");
    assert_eq!(line(text, "mixed"), "mixed = \"string\"");
    for remark in [
        "timestamps of several forms or time zones, which stay text",
        "timestamps without a time zone, which stay text; `stored_as` can say that they are UTC",
        "UUIDs in upper and in lower case, which stay text",
        "JSON in another layout than `json` writes, which stays text",
        "numbers, which stay text; `stored_as = \"text\"` would make them numbers",
    ] {
        assert!(text.contains(remark), "{remark}: {text}");
    }
}

#[test]
fn bytes_are_uuids_where_enough_of_them_say_so() {
    let uuid = |n: u8| [1, 2, 3, 4, 5, 6, 0x47, 8, 0x89, 10, 11, 12, 13, 14, 15, n];
    let with = |count: usize, bytes: &dyn Fn(u8) -> Vec<u8>| {
        let base64 = |n: usize| BASE64_STANDARD.encode(bytes(n as u8));
        let of_item = |n| json!({ "id": { "S": format!("x{n}") }, "owner": { "B": base64(n) } });
        table_with(&items(count, of_item)).text().to_owned()
    };
    let declared = "owner = { type = \"uuid\", stored_as = \"bytes\" }";
    assert_eq!(line(&with(3, &|n| uuid(n).to_vec()), "owner"), declared);
    assert_eq!(line(&with(2, &|n| uuid(n).to_vec()), "owner"), "owner = \"bytes\"");
    assert_eq!(line(&with(9, &|n| vec![n; 16]), "owner"), "owner = \"bytes\"");
    assert_eq!(line(&with(9, &|n| uuid(n)[..15].to_vec()), "owner"), "owner = \"bytes\"");
}

#[test]
fn zeros_and_ones_stay_numbers_with_a_word_on_bools() {
    let imported = table_with(&items(
        4,
        |n| json!({ "id": { "S": format!("x{n}") }, "ready": { "N": (n % 2).to_string() } }),
    ));
    assert_eq!(line(imported.text(), "ready"), "ready = \"i128\"");
    assert!(imported.text().contains("`bool` with `stored_as = \"number\"`"), "{}", imported.text());
}

#[test]
fn an_attribute_names_the_models_in_words_of_its_own() {
    let imported = table_with(&items(10, |n| {
        let kind = ["order-line", "Customer"][n % 2];
        json!({ "id": { "S": format!("x{n}") }, "entity": { "S": kind } })
    }));
    let text = imported.text();
    assert!(text.contains("type_attribute = \"entity\""), "{text}");
    assert!(text.contains("[model.OrderLine]\ntable = \"things\"\ntype_value = \"order-line\"\n"), "{text}");
    assert!(text.contains("[model.Customer]\ntable = \"things\"\n\n"), "{text}");
}

#[test]
fn instants_stand_in_keys_as_they_are_written_there() {
    let event = |n: usize, key: String, at: Value| json!({ "pk": { "S": format!("PRESS#p{}", n % 3) }, "sk": { "S": key }, "at": at });
    let number = |n: usize| format!("17149792891{n:02}");
    let imported =
        table_with(&items(25, |n| event(n, format!("EVENT#{}", number(n)), json!({ "N": number(n) }))));
    let text = imported.text();
    assert!(text.contains("sort_key = \"EVENT#{at:epoch-milliseconds}\""), "{text}");
    assert_eq!(line(text, "at"), "at = { type = \"timestamp\", stored_as = \"epoch-milliseconds\" }");

    let written = |n: usize| format!("2024-05-06T07:08:09.1{n:02}Z");
    let imported =
        table_with(&items(25, |n| event(n, format!("EVENT#{}", written(n)), json!({ "S": written(n) }))));
    let text = imported.text();
    assert!(text.contains("sort_key = \"EVENT#{at}\""), "{text}");
    assert_eq!(line(text, "at"), "at = { type = \"timestamp\", stored_as = \"YYYY-MM-DDTHH:MM:SS.fffZ\" }");
}

#[test]
fn few_values_of_many_items_are_variants_but_names_are_not() {
    let imported = table_with(&items(40, |n| {
        let word = ["open", "in-progress", "done"][n % 3];
        json!({ "id": { "S": format!("x{n}") }, "state": { "S": word }, "first_name": { "S": (["Ann", "Bob"][n % 2]) } })
    }));
    let text = imported.text();
    assert_eq!(line(text, "state"), "state = \"State\"");
    assert_eq!(line(text, "first_name"), "first_name = \"string\"");
    assert!(text.contains("variants = [\"done\", \"in-progress\", \"open\"]"), "{text}");
    let few = table_with(&items(10, |n| json!({ "id": { "S": format!("x{n}") }, "state": { "S": "open" } })));
    assert_eq!(line(few.text(), "state"), "state = \"string\"");
}

#[test]
fn attributes_of_several_types_are_json_or_left_out() {
    let imported = table_with(&items(4, |n| {
        let either = [json!({ "S": "a" }), json!({ "N": "1" })][n % 2].clone();
        let set = [json!({ "S": "a" }), json!({ "SS": ["a"] })][n % 2].clone();
        json!({ "id": { "S": format!("x{n}") }, "either": either, "set": set })
    }));
    assert_eq!(line(imported.text(), "either"), "either = \"json\"");
    assert!(imported.text().contains("# The attribute `set` is left out"), "{}", imported.text());
}

#[test]
fn one_odd_value_does_not_decide_and_its_item_is_listed() {
    let imported = table_with(&items(40, |n| {
        let age = if n == 7 { json!({ "S": "unknown" }) } else { json!({ "N": n.to_string() }) };
        json!({ "id": { "S": format!("x{n}") }, "age": age })
    }));
    assert_eq!(line(imported.text(), "age"), "age = \"i128\"");
    assert_eq!(imported.unread(), ["items.jsonl:8: `age` is text, and not of the declared type"]);
}

#[test]
fn null_and_absence_make_a_field_optional() {
    let imported = table_with(&items(3, |n| {
        let mut item = json!({ "id": { "S": format!("x{n}") }, "a": { "NULL": true }, "b": { "S": "x" } });
        if n > 0 {
            item["a"] = json!({ "BOOL": true });
            item["c"] = json!({ "BOOL": true });
        }
        item
    }));
    assert_eq!(line(imported.text(), "a"), "a = \"bool?\"");
    assert_eq!(line(imported.text(), "b"), "b = \"string\"");
    assert_eq!(line(imported.text(), "c"), "c = \"bool?\"");
}

#[test]
fn maps_are_types_or_dictionaries() {
    let imported = table_with(&items(6, |n| {
        json!({
            "id": { "S": format!("x{n}") },
            "address": { "M": { "city": { "S": "x" }, "build": { "N": "1" }, "2nd line": { "S": "y" } } },
            "by_day": { "M": { (format!("2024-01-0{}", n + 1)): { "N": "1" } } },
            "empty": { "M": {} },
            "nothing": { "L": [] },
            "points": { "L": [{ "M": { "x": { "N": "1" } } }, { "M": { "x": { "N": "2" }, "y": { "N": "1" } } }] },
            "holes": { "L": [{ "S": "a" }, { "NULL": true }] },
        })
    }));
    let text = imported.text();
    assert_eq!(line(text, "address"), "address = \"Address\"");
    assert_eq!(line(text, "build"), "build = { type = \"i128\", rust_name = \"build_\" }");
    assert_eq!(line(text, "n2nd_line"), "n2nd_line = { type = \"string\", attribute = \"2nd line\" }");
    assert_eq!(line(text, "by_day"), "by_day = \"map<i128>\"");
    assert_eq!(line(text, "empty"), "empty = \"map<json>\"");
    assert_eq!(line(text, "nothing"), "nothing = \"list<json>\"");
    assert_eq!(line(text, "points"), "points = \"list<Point>\"");
    assert_eq!(line(text, "y"), "y = \"i128?\"");
    assert_eq!(line(text, "holes"), "holes = \"list<string?>\"");
}

#[test]
fn unpadded_numbers_in_keys_stay_text_of_the_key() {
    let imported = table_with(&items(
        12,
        |n| json!({ "pk": { "S": "ORG#p" }, "sk": { "S": format!("TASK#{n}") }, "org": { "S": "p" }, "number": { "N": n.to_string() } }),
    ));
    let text = imported.text();
    assert!(
        text.contains("key = { partition_key = \"ORG#{org}\", sort_key = \"TASK#{task_id}\" }"),
        "{text}"
    );
    assert_eq!(line(text, "task_id"), "task_id = { type = \"string\", key_only = true }");
    assert_eq!(line(text, "number"), "number = \"i128\"");
}

#[test]
fn a_key_that_once_differs_from_its_attribute_is_not_composed_of_it() {
    let imported = table_with(&items(12, |n| {
        let org = if n == 3 { "q" } else { "p" };
        json!({ "pk": { "S": "ORG#p" }, "sk": { "S": format!("TASK#{n:04}") }, "org": { "S": org }, "number": { "N": n.to_string() } })
    }));
    let text = imported.text();
    assert!(text.contains("sort_key = \"TASK#{number:04}\""), "{text}");
    assert!(!text.contains("{org}"), "{text}");
    assert_eq!(imported.unread(), [""; 0]);
}

#[test]
fn names_that_rust_or_the_builders_keep_are_given_otherwise() {
    let imported = table_with(&items(3, |n| {
        json!({
            "id": { "S": format!("x{n}") },
            "type": { "S": "a" },
            "self": { "S": "b" },
            "userId": { "S": "c" },
            "user_id": { "S": "d" },
            "é": { "S": "e" },
            "build": { "S": "f" },
            "\u{202e}\n#": { "S": "g" },
        })
    }));
    let text = imported.text();
    assert_eq!(line(text, "user_id_2"), "user_id_2 = { type = \"string\", attribute = \"user_id\" }");
    assert_eq!(line(text, "build"), "build = { type = \"string\", rust_name = \"build_key\" }");
}

#[test]
fn models_whose_keys_begin_alike_stay_apart() {
    let all: Vec<Value> = (0..12)
        .flat_map(|n| {
            let key = |sk: String| json!({ "pk": { "S": format!("ORG#{}", n % 3) }, "sk": { "S": sk } });
            let mut invoice = key(format!("INVOICE#{n:05}"));
            invoice["total"] = json!({ "N": "5" });
            let mut line = key(format!("INVOICE#{n:05}#LINE#{n:02}"));
            line["sku"] = json!({ "S": "a" });
            let mut member = key(format!("MEMBER#m{n}x"));
            member["role"] = json!({ "S": "admin" });
            [invoice, line, member]
        })
        .collect();
    let imported = table_with(&all);
    let text = imported.text();
    assert!(!text.contains("dynamorm explain"), "{text}");
    assert_eq!(text.matches(".schema]").count(), 3, "{text}");
    assert!(text.contains("sort_key = \"MEMBER#{member_id}\""), "{text}");
    assert!(text.contains("sort_key = \"INVOICE#{invoice_number:05}\""), "{text}");
    assert!(text.contains("sort_key = \"INVOICE#{invoice_number:05}#LINE#{line_number:02}\""), "{text}");
    assert_eq!(imported.unread(), [""; 0]);
}

#[test]
fn an_index_key_that_some_items_lack_is_composed_only_where_they_lack_its_fields() {
    let shop = |has_email: bool| {
        let lines: Vec<String> = (0..6)
            .map(|n| {
                let name = format!("u{n}x");
                let mut item = json!({ "PK": { "S": format!("USER#{name}") }, "SK": { "S": "PROFILE" }, "name": { "S": name } });
                if n > 0 || has_email {
                    item["mail"] = json!({ "S": format!("{name}@example.com") });
                }
                if n > 0 {
                    item["GSI1PK"] = json!({ "S": format!("MAIL#{name}@example.com") });
                    item["GSI1SK"] = json!({ "S": format!("MAIL#{name}@example.com") });
                }
                item.to_string()
            })
            .collect();
        let mut source =
            Source::table_description("shop.table.json", &text("shop.table.json")).expect("a table");
        source.items(None, "items.jsonl", lines.join("\n").as_bytes()).expect("items");
        source.import(&Options::default()).expect("declarations").text().to_owned()
    };
    let lacking = shop(false);
    assert!(
        lacking.contains("index.GSI1 = { partition_key = \"MAIL#{mail}\", sort_key = \"MAIL#{mail}\" }"),
        "{lacking}"
    );
    let having = shop(true);
    assert!(!having.contains("MAIL#"), "{having}");
    assert_eq!(line(&having, "GSI1PK"), "GSI1PK = \"string?\"");
}

#[test]
fn the_documented_key_is_what_the_documented_item_gives() {
    let page = include_str!("../../docs/import.md");
    let item = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an item");
    let mut source = Source::table_description("shop.table.json", &text("shop.table.json")).expect("a table");
    let other = item.replace("ann", "bob").replace('7', "8");
    source.items(None, "items.jsonl", format!("{item}{other}").as_bytes()).expect("items");
    let imported = source.import(&Options::default()).expect("declarations");
    let key = page.split('`').find(|part| part.starts_with("key = {")).expect("a key");
    assert!(imported.text().contains(key), "{key}\n{}", imported.text());
}

#[test]
fn each_kind_of_item_may_divide_its_keys_otherwise() {
    let all: Vec<Value> = (0..9)
        .flat_map(|n| {
            let id = format!("a{n}x");
            let account = json!({ "pk": { "S": format!("account:{id}") }, "sk": { "S": "account:" }, "_type": { "S": "Account" }, "id": { "S": id } });
            let guard = json!({ "pk": { "S": format!("_unique#account:name:n{n}") }, "sk": { "S": "_unique#" }, "_type": { "S": "_Unique" } });
            [account, guard]
        })
        .collect();
    let imported = table_with(&all);
    let text = imported.text();
    assert!(text.contains("key = { partition_key = \"account:{id}\", sort_key = \"account:\" }"), "{text}");
    assert!(
        text.contains("key = { partition_key = \"_unique#{unique_id}\", sort_key = \"_unique#\" }"),
        "{text}"
    );
}
