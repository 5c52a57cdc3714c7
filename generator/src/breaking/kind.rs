//! The kinds of changes, each with a code and its verdict. Their explanations are in `generator/changes`.

use super::verdict::{Severity, TableWork, Verdict};
use std::fmt;

macro_rules! kinds {
    ($($name:ident = $text:literal, $new_reads_old:ident $old_reads_new:ident $both_write:ident, $rust:ident, $table:ident, $title:literal;)*) => {
        /// What kind of change it is. A code never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ChangeKind {
            $(#[doc = $title] $name,)*
        }

        impl ChangeKind {
            /// Every kind, in the order of their codes.
            pub const ALL: &[ChangeKind] = &[$(ChangeKind::$name,)*];

            /// The code as it is printed: `B0101`.
            pub fn code(self) -> &'static str {
                match self {
                    $(ChangeKind::$name => $text,)*
                }
            }

            /// What has changed, in a line.
            pub fn title(self) -> &'static str {
                match self {
                    $(ChangeKind::$name => $title,)*
                }
            }

            /// What follows from it, in Markdown: an example, and the way out.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(ChangeKind::$name => include_str!(concat!("../../changes/", $text, ".md")),)*
                }
            }

            /// What it means for stored items, for Rust and for the live table.
            pub fn verdict(self) -> Verdict {
                match self {
                    $(ChangeKind::$name => Verdict {
                        new_reads_old: Severity::$new_reads_old,
                        old_reads_new: Severity::$old_reads_new,
                        both_write: Severity::$both_write,
                        rust: Severity::$rust,
                        table: TableWork::$table,
                    },)*
                }
            }
        }
    };
}

// The first two digits are the subject: 01 attributes, 02 keys and what tells items apart, 03 tables and indexes, 04 Rust, 05
// shapes.
// Then: whether new code reads what old code stores, whether old code reads what new code stores, whether a write by one loses
// what the other stored; what becomes of code that calls the generated module; what the live table needs.
kinds! {
    AttributeAdded = "B0101", Fine Fine Beware, Beware, None, "An attribute was added that may be missing.";
    RequiredAttributeAdded = "B0102", Breaks Fine Breaks, Breaks, None, "An attribute was added that must be there.";
    RequiredAttributeRemoved = "B0103", Fine Breaks Breaks, Breaks, None, "An attribute was removed that older code needs.";
    AttributeRemoved = "B0104", Fine Fine Beware, Breaks, None, "An attribute was removed that older code can do without.";
    BecameRequired = "B0105", Breaks Fine Fine, Breaks, None, "An optional attribute must be there now.";
    BecameOptional = "B0106", Fine Breaks Fine, Breaks, None, "An attribute that had to be there is optional now.";
    MissingChanged = "B0107", Beware Beware Fine, Fine, None, "A missing attribute is read as something else.";
    MissingRefused = "B0108", Breaks Fine Fine, Beware, None, "Nothing stands for a missing attribute any more.";
    FormChanged = "B0109", Breaks Breaks Fine, Breaks, None, "An attribute is stored in another form.";
    FormWidened = "B0110", Fine Breaks Fine, Breaks, None, "An attribute may hold more than before.";
    FormNarrowed = "B0111", Breaks Fine Fine, Breaks, None, "An attribute may hold less than before.";
    StoredNameChanged = "B0112", Breaks Breaks Fine, Fine, None, "An attribute that must be there has another stored name.";
    OptionalStoredNameChanged = "B0113", Breaks Breaks Beware, Fine, None, "An attribute that may be missing has another stored name.";
    NameMovedEarly = "B0114", Fine Breaks Breaks, Fine, None, "An attribute has a new stored name that older code does not read.";
    NameMoved = "B0115", Fine Fine Fine, Fine, None, "An attribute has a new stored name, and all code reads both.";
    NameNoLongerRead = "B0116", Breaks Fine Fine, Fine, None, "A former name of an attribute is no longer read.";
    VariantAdded = "B0117", Fine Breaks Fine, Breaks, None, "An enum has another variant.";
    VariantRemoved = "B0118", Breaks Fine Fine, Breaks, None, "An enum has lost a variant.";
    ManagedChanged = "B0119", Fine Fine Beware, Breaks, None, "The runtime writes an attribute that it did not write, or no longer does.";
    MovedIntoKey = "B0120", Fine Breaks Breaks, Fine, None, "A field is kept in the key alone now.";
    MovedOutOfKey = "B0121", Breaks Fine Breaks, Fine, None, "A field that was kept in the key alone has an attribute now.";

    KeyChanged = "B0201", Breaks Breaks Fine, Beware, NewTable, "The primary key of a model is composed otherwise.";
    IndexKeyChanged = "B0202", Fine Fine Fine, Beware, BackFill, "An index key of a model is composed otherwise.";
    TypeNameAdded = "B0203", Breaks Fine Breaks, Fine, BackFill, "The type attribute tells a model's items apart now.";
    TypeNameRemoved = "B0204", Fine Breaks Breaks, Fine, None, "The type attribute does not tell a model's items apart any more.";
    TypeNameChanged = "B0205", Breaks Breaks Fine, Fine, BackFill, "The type attribute holds another name for a model's items.";
    TableShared = "B0206", Fine Breaks Fine, Beware, None, "Other models joined a model in its table.";
    UniqueAdded = "B0207", Fine Breaks Breaks, Breaks, BackFill, "No two items may share a value that they could share.";
    UniqueRemoved = "B0208", Breaks Fine Breaks, Beware, None, "Items may share a value that they could not share.";
    TableOfModelChanged = "B0209", Breaks Breaks Fine, Fine, NewTable, "A model is in another table.";
    ModelRemoved = "B0210", Fine Fine Fine, Breaks, None, "A model was removed.";
    IndexJoined = "B0211", Fine Fine Fine, Beware, BackFill, "A model is in an index that it was not in.";
    IndexLeft = "B0212", Fine Fine Fine, Breaks, None, "A model is no longer in an index.";
    KeyShared = "B0213", Fine Fine Breaks, Breaks, None, "Other models share the keys of a model.";
    KeyNoLongerShared = "B0214", Fine Fine Breaks, Beware, None, "No other model shares the keys of a model any more.";

    TableKeyChanged = "B0301", Breaks Breaks Fine, Beware, NewTable, "A table has another key.";
    IndexAdded = "B0302", Fine Fine Fine, Fine, BackFill, "A table has another global index.";
    LocalIndexAdded = "B0303", Fine Fine Fine, Fine, NewTable, "A table has another local index.";
    IndexRemoved = "B0304", Fine Fine Fine, Breaks, InPlace, "A table has lost an index.";
    IndexRebuilt = "B0305", Fine Fine Fine, Breaks, Rebuild, "An index has another key.";
    ProjectionChanged = "B0306", Fine Fine Fine, Beware, Rebuild, "An index keeps other attributes.";
    TtlChanged = "B0307", Fine Fine Fine, Fine, InPlace, "Items of a table expire by another attribute, or no longer.";
    StreamChanged = "B0308", Fine Fine Fine, Fine, InPlace, "The stream of a table says something else.";
    TableRemoved = "B0309", Fine Fine Fine, Breaks, None, "A table is not declared any more.";

    FieldRenamed = "B0401", Fine Fine Fine, Breaks, None, "A field has another Rust name.";
    TypeRenamed = "B0402", Fine Fine Fine, Breaks, None, "A model, a type or an enum has another Rust name.";
    VariantRenamed = "B0403", Fine Fine Fine, Breaks, None, "A variant has another Rust name.";
    QueryRenamed = "B0404", Fine Fine Fine, Breaks, None, "The function that queries an index has another name.";
    UserTypeChanged = "B0405", Beware Beware Fine, Breaks, None, "A field has another type of yours.";
    BuilderRequires = "B0406", Fine Fine Fine, Breaks, None, "A builder must be given a field that it could do without.";

    ShapeRaised = "B0501", Fine Breaks Breaks, Breaks, None, "A model has a new shape.";
    ShapeUnprepared = "B0502", Fine Breaks Breaks, Breaks, None, "A model has a second shape, and code that runs knows of none.";
    ShapeDeclared = "B0503", Fine Fine Fine, Beware, None, "A model declares its shape.";
    ShapeKnown = "B0504", Fine Fine Fine, Breaks, None, "A model knows a new shape, and writes the one before.";
    ShapeWritten = "B0505", Fine Fine Beware, Fine, None, "A model writes the shape that it knew already.";
    ShapeWrittenBack = "B0506", Fine Fine Beware, Fine, None, "A model writes an older shape again.";
    ShapeLacksAttribute = "B0507", Fine Fine Fine, Beware, None, "An attribute is not what items of older shapes have.";
    ShapeGone = "B0508", Breaks Fine Breaks, Breaks, None, "A model does not know a shape that it knew.";
}

impl ChangeKind {
    /// The kind whose code is printed as `text`, in upper or lower case.
    pub fn find(text: &str) -> Option<ChangeKind> {
        ChangeKind::ALL.iter().copied().find(|kind| kind.code().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_in_order() {
        assert!(ChangeKind::ALL.windows(2).all(|pair| pair[0].code() < pair[1].code()));
    }
}
