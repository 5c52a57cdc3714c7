//! Writes of lists, maps and sets.

use dynamorm::Operations;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{operation, read};
use crate::models::Bag;
use crate::operation::{Call, Operation, Report};

fn bag(call: &Call) -> Bag {
    let items = (0..3).map(|number| format!("{}-{number}", call.text())).collect();
    let marks = BTreeMap::from([("m".to_owned(), call.text())]);
    Bag { id: call.key().to_owned(), items, marks, tags: BTreeSet::from([call.text()]) }
}

fn wire(list: &[String]) -> Value {
    json!({ "L": list.iter().map(|text| json!({ "S": text })).collect::<Vec<_>>() })
}

pub fn operations() -> Vec<Operation> {
    vec![
        operation!("bag: put", AtLeastOnce, [], call => Report::of(bag(&call).put().send(&call.db).await)),
        operation!("bag: append", OnceForEver, ["items"], call => {
            Report::of(Bag::update(call.key()).append(Bag::ITEMS, vec![call.text()]).send(&call.db).await)
        }),
        operation!("bag: prepend", OnceForEver, ["items"], call => {
            Report::of(Bag::update(call.key()).prepend(Bag::ITEMS, vec![call.text()]).send(&call.db).await)
        }),
        operation!("bag: remove the first", OnceForEver, ["items"], call => {
            Report::of(Bag::update(call.key()).remove(Bag::ITEMS.at(0)).send(&call.db).await)
        }),
        operation!("bag: set a mark", AtLeastOnce, ["marks"], call => {
            Report::of(Bag::update(call.key()).set(Bag::MARKS.key("m"), call.text()).send(&call.db).await)
        }),
        operation!("bag: add tags", AtLeastOnce, ["tags"], call => {
            let tags = BTreeSet::from([call.text(), "x".to_owned()]);
            Report::of(Bag::update(call.key()).add(Bag::TAGS, tags).send(&call.db).await)
        }),
        operation!("bag: take tags out", AtLeastOnce, ["tags"], call => {
            let tags = BTreeSet::from([call.text(), "x".to_owned()]);
            Report::of(Bag::update(call.key()).delete_from(Bag::TAGS, tags).send(&call.db).await)
        }),
        operation!("bag: save the second", AtLeastOnce, ["items"], call => {
            let mut tracked = read!(Bag::get(call.key()), call).tracked();
            if tracked.items.len() < 2 { return Report::untried(); }
            let before = tracked.items[1].clone();
            tracked.items[1].push('!');
            let element = Some((wire(&tracked.items), json!({ "S": before })));
            Report { element, ..Report::of(tracked.save().send(&call.db).await) }
        }),
        operation!("bag: save a mark and tags", AtLeastOnce, ["marks", "tags"], call => {
            let bag = read!(Bag::get(call.key()), call);
            let mut tracked = bag.clone().tracked();
            tracked.marks.insert(format!("k{}", call.number()), call.text());
            tracked.tags.insert(call.text());
            tracked.tags.remove("y");
            if *tracked == bag { return Report::nothing(); }
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("bag: save one element more", AtLeastOnce, ["items"], call => {
            let mut tracked = read!(Bag::get(call.key()), call).tracked();
            tracked.items.push(call.text());
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("bag: save other tags", AtLeastOnce, ["tags"], call => {
            let bag = read!(Bag::get(call.key()), call);
            let mut tracked = bag.clone().tracked();
            tracked.tags.remove("x");
            tracked.tags.insert(call.text());
            if *tracked == bag { return Report::nothing(); }
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("bag: delete", AtLeastOnce, [], call => Report::of(Bag::delete(call.key()).send(&call.db).await)),
    ]
}
