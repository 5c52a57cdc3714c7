//! Counters: attributes of one model's items that count the items of another.

use super::Given;

/// What counts a model's items.
#[derive(Clone, Debug, PartialEq)]
pub struct Counter {
    /// The Rust name of the owner's field.
    pub field: String,
    /// Its stored name.
    pub attribute: String,
    /// The Rust name of the model that counts.
    pub owner: String,
    /// The parts of the owner's primary key, in their order, given by a counted item.
    pub key: Vec<Given>,
    /// The stored names of the fields by which an item that is there can count otherwise.
    pub depends_on: Vec<String>,
    /// The stored name of the field that is added up; the items themselves are counted where there is none.
    pub sum: Option<String>,
    /// Whether that is a decimal number. Others are whole.
    pub is_decimal: bool,
    /// What the count must not exceed.
    pub max: Option<u64>,
    pub reach: CounterReach,
}

/// How the items are found that an owner counts.
#[derive(Clone, Debug, PartialEq)]
pub enum CounterReach {
    /// By a query, whose key the owner's key gives.
    Query {
        /// An index into the counted table's indexes.
        index: Option<usize>,
        /// The parts of the key, in their order.
        key: Vec<Given>,
    },
    /// By a scan of their table.
    Scan,
}

/// The function that counts anew.
pub fn recount_function(field: &str) -> String {
    format!("recount_{field}")
}
