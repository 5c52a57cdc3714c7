//! `dynamorm lock --retire`: forgets shapes that no item has any more.

use super::Failure;
use super::arguments::Retired;
use super::console::Console;
use crate::error::Error;
use crate::lock::Lock;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a sweep's plan found.
#[derive(Deserialize)]
struct Receipt {
    receipt: u64,
    table: String,
    live_table: String,
    began: String,
    failed: u64,
    /// How many items have each shape, by models.
    shapes: BTreeMap<String, BTreeMap<u32, u64>>,
}

/// The form of receipts that this version reads.
const FORM: u64 = 1;

/// Takes a shape, and those before it, out of a lock, if the receipt says that no item has them.
pub(super) fn retire(
    lock: &mut Lock,
    retired: &Retired,
    receipt: Option<&Path>,
    console: &mut Console,
) -> Result<(), Failure> {
    let Retired { model: name, shape } = retired;
    let refuse = |why: String| Err(Failure::Retired(format!("{name}:{shape} is not retired: {why}")));
    let Some(model) = lock.models.get_mut(name) else {
        return refuse(format!("no model is called `{name}`"));
    };
    let newest = model.shapes.keys().next_back().copied().unwrap_or_default();
    let written = model.written.unwrap_or(newest);
    if *shape >= written {
        return refuse(format!("items are written with shape {written}"));
    }
    if !model.shapes.contains_key(shape) {
        return refuse("the lock has no such shape".to_owned());
    }
    let Some(path) = receipt else { return refuse("it needs a receipt".to_owned()) };
    let text = fs::read_to_string(path).map_err(Error::io("read", path))?;
    let path = path.display();
    let found: Receipt = match serde_json::from_str(&text) {
        Ok(found) => found,
        Err(error) => return refuse(format!("{path} is no receipt of a sweep: {error}")),
    };
    if found.receipt != FORM {
        return refuse(format!("{path} has form {}, and this version reads form {FORM}", found.receipt));
    }
    if found.table != model.table {
        return refuse(format!("{path} is about the table `{}`, and not `{}`", found.table, model.table));
    }
    let Some(shapes) = found.shapes.get(name) else {
        return refuse(format!("{path} says nothing of `{name}`"));
    };
    if found.failed > 0 {
        return refuse(format!(
            "the plan could not read {} items, which may have the shape: mend them, and make another",
            found.failed
        ));
    }
    let older: u64 = shapes.range(..=*shape).map(|(_, items)| items).sum();
    if older > 0 {
        return refuse(format!("{older} items had it or an older one: sweep them, and make another plan"));
    }
    model.shapes.retain(|known, _| known > shape);
    console.note(&format!(
        "retired {name}:{shape}: `{}` had no such item at {}. Nothing may have written one since. Remove its upgrade from the \
         declarations",
        found.live_table, found.began
    ))?;
    Ok(())
}
