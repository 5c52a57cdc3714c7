//! Relations between models.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationKind {
    OneToOne,
    OneToMany,
    ManyToOne,
    ManyToMany,
}

/// One direction of a relation: how an item leads to items of another model.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// The function that follows it: `replies`.
    pub name: String,
    pub doc: Option<String>,
    /// The Rust name of the related model.
    pub model: String,
    pub reach: Reach,
}

/// Where a relation leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Reach {
    /// To one item, by its primary key.
    One {
        /// The parts of the related primary key, in their order.
        key: Vec<Given>,
        /// What the related item gives to fields of this one, so this one leads to it.
        own: Vec<Given>,
    },
    /// To one item that belongs to this one, by its primary key.
    Partner {
        /// The parts of the partner's primary key, in their order.
        key: Vec<Given>,
        /// Whether a missing partner is made from its key and defaults.
        create: bool,
    },
    /// To the items that share a partition key, and perhaps the first parts of a sort key.
    Many {
        /// An index into the related table's indexes.
        index: Option<usize>,
        /// The parts of the related key, in their order.
        key: Vec<Given>,
    },
    /// To the items whose keys are contained in those of a third model.
    Through {
        /// The Rust name of the model whose items link the two sides.
        adjacency: String,
        /// An index into the adjacency's table's indexes.
        index: Option<usize>,
        /// The parts of the adjacency's key that this item gives.
        key: Vec<Given>,
        /// The parts of the related primary key, in their order, given by an item of the adjacency.
        other: Vec<Given>,
        /// Which fields of the adjacency this item gives, and which the related one.
        from_this: Vec<Given>,
        from_other: Vec<Given>,
    },
}

/// A field and its new value.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The Rust name of the field.
    pub field: String,
    pub value: GivenValue,
}

/// A value made of another item's fields, by their Rust names.
#[derive(Clone, Debug, PartialEq)]
pub enum GivenValue {
    /// The value of a field of the same kind.
    Field(String),
    /// Text composed of fields, with literal text around each.
    Composed { fields: Vec<String>, literals: Vec<String> },
    /// One part of such a text.
    Part { field: String, literals: Vec<String>, position: usize },
}
