//! The order in which settings are documented, by where they stand.

/// What a key or a section is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Root,
    Generate,
    Tables,
    Table,
    Indexes,
    Index,
    Billing,
    OnDemandMaximum,
    Models,
    Model,
    Mixins,
    Relations,
    Relation,
    Types,
    Type,
    Enums,
    Enum,
    Collections,
    Collection,
    Variant,
    /// A schema, or the fields of a variant.
    Fields,
    Field,
    Rules,
    Bounds,
    /// Where order is the writer's, and nothing below has an order of its own.
    Free,
}

impl Place {
    /// What is under a key. The elements of an array stand in the place of the array's key.
    pub(super) fn of_key(self, key: &str) -> Place {
        match (self, key) {
            (Place::Root, "generate") => Place::Generate,
            (Place::Root, "table") => Place::Tables,
            (Place::Root, "model") => Place::Models,
            (Place::Root, "mixin") => Place::Mixins,
            (Place::Root, "type") => Place::Types,
            (Place::Root, "enum") => Place::Enums,
            (Place::Root, "context") => Place::Fields,
            (Place::Root, "collection") => Place::Collections,
            (Place::Collections, _) => Place::Collection,
            (Place::Tables, _) => Place::Table,
            (Place::Table, "global_index" | "local_index") => Place::Indexes,
            (Place::Indexes, _) => Place::Index,
            (Place::Table | Place::Index, "billing") => Place::Billing,
            (Place::Billing, "on_demand") => Place::OnDemandMaximum,
            (Place::Models, _) => Place::Model,
            (Place::Model, "schema") | (Place::Variant, "fields") => Place::Fields,
            (Place::Model, "key") => Place::Index,
            (Place::Model, "index") => Place::Indexes,
            (Place::Model, "relation") => Place::Relations,
            (Place::Relations, _) => Place::Relation,
            (Place::Types | Place::Mixins, _) => Place::Type,
            (Place::Enums, _) => Place::Enum,
            (Place::Enum, "variants") => Place::Variant,
            (Place::Fields, _) => Place::Field,
            (Place::Type, key) if !key.starts_with('@') => Place::Field,
            (Place::Field, "validate") | (Place::Rules, "each") => Place::Rules,
            (Place::Rules, "length" | "range") => Place::Bounds,
            _ => Place::Free,
        }
    }

    /// Where a key stands among its neighbours; those without an order of their own come last, and stay in theirs.
    pub(super) fn rank(self, key: &str) -> usize {
        let order = self.order();
        order.iter().position(|known| *known == key).unwrap_or(order.len())
    }

    fn order(self) -> &'static [&'static str] {
        match self {
            Place::Root => &["include", "generate"],
            Place::Generate => {
                &["output", "locked", "runtime", "validation", "serde", "derive", "attributes"]
            }
            Place::Table => &[
                "name",
                "doc",
                "partition_key",
                "sort_key",
                "managed",
                "billing",
                "ttl",
                "type_attribute",
                "item",
                "stream",
                "class",
                "deletion_protection",
                "point_in_time_recovery",
                "encryption",
                "tags",
                "global_index_quota",
                "global_index",
                "local_index",
            ],
            Place::Index => &["function", "partition_key", "sort_key", "escape", "projection", "billing"],
            Place::Billing => &["on_demand", "read", "write"],
            Place::OnDemandMaximum => &["max_read", "max_write"],
            Place::Model => &[
                "table",
                "type_value",
                "context",
                "key",
                "index",
                "unique",
                "mixins",
                "doc",
                "serde",
                "derive",
                "attributes",
                "on_build",
                "shape",
                "shape_attribute",
                "writes",
                "upgrade",
                "downgrade",
                "schema",
                "relation",
            ],
            Place::Relation => &[
                "kind",
                "model",
                "doc",
                "through",
                "index",
                "keys",
                "other_keys",
                "back",
                "back_index",
                "create",
            ],
            Place::Type => &["@mixins", "@doc", "@serde", "@derive", "@attributes"],
            Place::Collection => &["doc", "table", "index", "models"],
            Place::Enum => &["doc", "serde", "derive", "attributes", "tag", "content", "variants"],
            Place::Variant => &["name", "number", "rust_name", "doc", "fields"],
            Place::Field => &[
                "type",
                "doc",
                "rust_name",
                "attribute",
                "also_read",
                "stored_as",
                "excess",
                "null",
                "key_only",
                "unique",
                "sensitive",
                "generate",
                "default",
                "default_expression",
                "on_read",
                "attributes",
                "validate",
            ],
            Place::Bounds => &["min", "max", "unit"],
            Place::Tables
            | Place::Indexes
            | Place::Models
            | Place::Collections
            | Place::Mixins
            | Place::Relations
            | Place::Types
            | Place::Enums
            | Place::Fields
            | Place::Rules
            | Place::Free => &[],
        }
    }
}

/// Where a section stands among all of a file.
pub(super) fn of_section(path: &[&str]) -> usize {
    usize::from(path.first() != Some(&"generate"))
}

/// Where a section stands among those of its declaration.
pub(super) fn within_declaration(path: &[&str]) -> usize {
    match path {
        [_] | [_, _] => 0,
        ["table", _, "global_index", ..] => 1,
        ["table", _, "local_index", ..] => 2,
        ["model", _, "relation", ..] => 4,
        _ => 3,
    }
}
