//! Pages of a query or a scan. A page of DynamoDB's includes the item that crosses 1 MB, and one of the engine's ends before it.

use std::collections::HashMap;

use dynoxide::actions::query::QueryRequest;
use dynoxide::actions::scan::ScanRequest;
use dynoxide::types::{CapacityDetail, ConsumedCapacity};

use crate::embedded::answer::{Result, to_bytes, typed};
use crate::embedded::engine::Engine;

/// A read whose pages are completed. The engine's types for the two reads have the same members, but no common trait.
macro_rules! whole_pages {
    ($(#[$about:meta])* $read:ident, $request:ty) => {
        $(#[$about])*
        pub(super) fn $read(engine: &Engine, body: &[u8]) -> Result<Vec<u8>> {
            let request: $request = typed(body)?;
            let limit = request.limit;
            let mut page = engine.database().$read(request)?;
            let is_cut = limit.is_none_or(|limit| page.scanned_count < limit);
            if let Some(key) = page.last_evaluated_key.take_if(|_| is_cut) {
                let mut next: $request = typed(body)?;
                next.exclusive_start_key = Some(key);
                next.exclusive_start_key_raw = None;
                next.limit = Some(1);
                let crossing = engine.database().$read(next)?;
                // The engine has counted it as scanned.
                page.count += crossing.count;
                if let Some(items) = &mut page.items {
                    items.extend(crossing.items.unwrap_or_default());
                }
                page.last_evaluated_key = crossing.last_evaluated_key;
                if let (Some(sum), Some(more)) = (&mut page.consumed_capacity, crossing.consumed_capacity) {
                    add(sum, &more);
                }
            }
            to_bytes(&page)
        }
    };
}

whole_pages!(
    /// A page of a query.
    query,
    QueryRequest
);
whole_pages!(
    /// A page of a scan.
    scan,
    ScanRequest
);

fn add(sum: &mut ConsumedCapacity, more: &ConsumedCapacity) {
    sum.capacity_units += more.capacity_units;
    if let (Some(sum), Some(more)) = (&mut sum.table, &more.table) {
        sum.capacity_units += more.capacity_units;
    }
    add_each(&mut sum.global_secondary_indexes, &more.global_secondary_indexes);
    add_each(&mut sum.local_secondary_indexes, &more.local_secondary_indexes);
}

fn add_each(
    sum: &mut Option<HashMap<String, CapacityDetail>>,
    more: &Option<HashMap<String, CapacityDetail>>,
) {
    for (index, more) in more.iter().flatten() {
        if let Some(sum) = sum.as_mut().and_then(|sum| sum.get_mut(index)) {
            sum.capacity_units += more.capacity_units;
        }
    }
}
