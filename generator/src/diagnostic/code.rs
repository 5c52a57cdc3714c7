//! The codes of findings. Each has an explanation in `generator/diagnostics`.

use super::Severity;
use std::fmt;

macro_rules! codes {
    ($($name:ident = $text:literal, $severity:ident, $title:literal;)*) => {
        /// What kind of finding a diagnostic is. A code never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// The code as it is printed: `D0101`.
            pub fn text(self) -> &'static str {
                match self {
                    $(Code::$name => $text,)*
                }
            }

            /// What the finding means, in a line.
            pub fn title(self) -> &'static str {
                match self {
                    $(Code::$name => $title,)*
                }
            }

            /// What the rule protects from, in Markdown: a wrong example, what is found in it, and the corrected one.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Code::$name => include_str!(concat!("../../diagnostics/", $text, ".md")),)*
                }
            }

            /// Whether the finding stops generation.
            pub fn severity(self) -> Severity {
                match self {
                    $(Code::$name => Severity::$severity,)*
                }
            }
        }
    };
}

// The first two digits are the subject: 00 the file, 01 names, 02 tables and indexes, 03 fields and types, 04 defaults,
// 05 validation, 06 settings and Rust in declarations, 07 key templates and tables of several models, 08 generated and
// unique values, 09 relations, 16 streams, 18 the lock and declarations that change, 19 sensitive values. A number is never used again for
// something else:
// D0709 was a query that can read items of another model, which reads now leave out.
codes! {
    FileMissing = "D0001", Error, "The file does not exist.";
    FileUnreadable = "D0002", Error, "The file cannot be read.";
    FileIsDirectory = "D0003", Error, "A directory stands where a file is expected.";
    FileNotUtf8 = "D0004", Error, "The file is not UTF-8 text.";
    FileTooLarge = "D0005", Error, "The file is larger than declarations may be.";
    TomlSyntax = "D0006", Error, "The file is not TOML.";
    DuplicateKey = "D0007", Error, "A key is written twice.";
    UnknownKey = "D0008", Error, "A key is not known.";
    WrongType = "D0009", Error, "A value has another TOML type than its key expects.";
    UnknownWord = "D0010", Error, "A word is not among those that its key knows.";
    OldKeyName = "D0011", Error, "A partition key or sort key has its old name, hash key or range key.";
    TooMany = "D0012", Error, "There are more declarations than the limit allows.";
    MissingKey = "D0013", Error, "A key that is required is not there.";
    NothingDeclared = "D0014", Error, "The file declares no model.";
    IncludePath = "D0015", Error, "An included file is not one inside the including file's directory.";
    IncludedTwice = "D0016", Error, "A file is included twice, or includes itself.";
    SettingsIncluded = "D0017", Error, "An included file has settings of the run.";

    InvalidName = "D0101", Error, "A name cannot be made into a Rust identifier.";
    InvalidRustName = "D0102", Error, "A given Rust name is not an identifier of the expected form.";
    FieldsConflict = "D0103", Error, "Two fields have one Rust name.";
    ModulesConflict = "D0104", Error, "Two declarations have one module.";
    ReservedModule = "D0105", Error, "A module's file cannot have this name.";
    TypeNamesConflict = "D0106", Error, "Two generated types have one name.";
    ReservedField = "D0107", Error, "A field or a variant conflicts with a name that is generated.";
    ReservedFunction = "D0108", Error, "A function conflicts with one that every model has.";
    FunctionsConflict = "D0109", Error, "Two functions of one model have one name.";
    StoredNamesConflict = "D0110", Error, "Two fields have one stored name.";
    StoredNameLength = "D0111", Error, "A stored name is empty or too long.";
    VariantsConflict = "D0112", Error, "Two variants have one name.";
    TableConstantsConflict = "D0113", Error, "Two tables have one constant.";
    TypeWord = "D0114", Error, "A type or an enum has a name that means something else where a type is written.";

    InvalidTableName = "D0201", Error, "A table's name is not one that DynamoDB allows.";
    TableNameTwice = "D0202", Error, "Two tables have one name.";
    InvalidIndexName = "D0203", Error, "An index's name is not one that DynamoDB allows.";
    IndexNameTwice = "D0204", Error, "Two indexes of one table have one name.";
    UnknownTable = "D0205", Error, "A model's table is not declared.";
    SeveralModels = "D0206", Error, "Several models share one table.";
    UnusedTable = "D0207", Warning, "No model uses a table.";
    MissingKeyField = "D0208", Error, "A key attribute is not among the model's fields.";
    KeyType = "D0209", Error, "A key attribute has a type that keys cannot have.";
    OptionalKey = "D0210", Error, "An attribute of a table's key is optional.";
    KeyDefault = "D0211", Error, "An attribute of a key has a default that stands in its way.";
    RepeatedKeyAttribute = "D0212", Error, "A key names one attribute twice.";
    KeyAttributeCount = "D0213", Error, "A partition key or sort key has too few or too many attributes.";
    LocalIndexKey = "D0214", Error, "A local index's partition key or sort key does not fit its table's.";
    TooManyIndexes = "D0215", Error, "A table has more indexes than DynamoDB allows.";
    IndexQuota = "D0216", Error, "A declared index quota is not above the default.";
    EmptyProjection = "D0217", Error, "A projection includes no attribute.";
    RepeatedProjection = "D0218", Error, "A projection includes one attribute twice.";
    ProjectionTooLarge = "D0219", Error, "A table's indexes include more attributes than DynamoDB allows.";
    LargeProjection = "D0220", Warning, "A projection includes more attributes than the service's model allows.";
    ProjectedKey = "D0221", Warning, "A projection includes a key attribute, which every index keeps.";
    UnknownProjected = "D0222", Error, "A projected attribute is not among the model's fields.";
    Capacity = "D0223", Error, "A provisioned capacity is zero or too large.";
    IndexBilling = "D0224", Error, "An index of an on-demand table has a billing of its own.";
    TtlField = "D0225", Error, "The TTL attribute is not a timestamp stored as epoch seconds.";
    InvalidTag = "D0226", Error, "A tag is not one that AWS allows.";
    RecoveryPeriod = "D0227", Error, "Point-in-time recovery reaches back further than DynamoDB's does, or not at all.";
    EncryptionKey = "D0228", Error, "An encryption key is not one of the account's own.";
    OnDemandMaximum = "D0229", Error, "A maximum of request units is zero or too large.";

    TypeSyntax = "D0301", Error, "A type cannot be read.";
    UnknownType = "D0302", Error, "A type is not known.";
    TypeTooDeep = "D0303", Error, "A type is nested too deep.";
    SetElement = "D0304", Error, "A set holds a type that sets cannot hold.";
    Recursion = "D0305", Error, "A type contains itself by value.";
    StoredAs = "D0306", Error, "A stored form is not one that the type has.";
    NoFields = "D0307", Error, "A model or type has no field.";
    EmptyEnum = "D0308", Error, "An enum has no variant.";
    UnusedType = "D0309", Warning, "Nothing uses a type or an enum.";
    MixinFieldsConflict = "D0310", Error, "A mixin brings a field that its model or type already has.";
    UnknownMixin = "D0311", Error, "A mixin is not declared.";
    UnusedMixin = "D0312", Warning, "No model or type has the fields of a mixin.";
    MixinTwice = "D0313", Error, "A model, type or mixin names one mixin twice.";
    MixinCycle = "D0314", Error, "A mixin leads back to itself.";
    NullReading = "D0315", Error, "A field cannot read `NULL` as is declared.";
    EnumForm = "D0316", Error, "How an enum is stored contradicts itself.";

    DefaultType = "D0401", Error, "A default does not fit its field's type.";
    DefaultRefused = "D0402", Error, "A default is refused by its field's own rule, or cannot be stored.";
    DefaultTwice = "D0403", Error, "A field has both a default and a default expression.";
    DefaultUnsupported = "D0404", Error, "A type has no literals, so a default must be an expression.";
    OnReadAlone = "D0405", Error, "`on_read` stands where no default is read.";

    RuleMisplaced = "D0501", Error, "A rule does not apply to its field's type.";
    InvalidPattern = "D0502", Error, "A pattern is not a regular expression, or too large.";
    InvertedBounds = "D0503", Error, "A lower bound lies above its upper bound.";
    RuleValue = "D0504", Error, "A rule's value does not fit its field's type, or another rule.";
    EmptyRule = "D0505", Error, "A rule says nothing.";
    RepeatedValue = "D0506", Error, "A value is listed twice.";
    OtherLibrary = "D0507", Error, "A rule is written for the validation library that the file has not chosen.";

    RustSyntax = "D0601", Error, "Rust of the user's is not what is expected in its place.";
    OutputDirectory = "D0602", Error, "The output directory is not one inside the declarations' directory.";
    DeriveTwice = "D0603", Error, "A trait is derived twice.";

    TemplateSyntax = "D0701", Error, "A key template cannot be read.";
    TemplateField = "D0702", Error, "A key template names a field that the model does not have.";
    TemplateType = "D0703", Error, "A key template names a field of a type that cannot be part of a key.";
    TemplateFormat = "D0704", Error, "A format in a key template is not one that the field's type has.";
    AmbiguousTemplate = "D0705", Error, "Nothing marks where a field of a key template ends.";
    TemplateMisplaced = "D0706", Error, "A template stands where the table or index has no key of one attribute.";
    TemplateConflictsWithField = "D0707", Error, "A composed key is stored under the name of a field.";
    KeysConflict = "D0708", Error, "Two models of one table can have the same key.";
    KeyTypesDiffer = "D0710", Error, "Models of one table give a key attribute different types.";
    UnknownModelIndex = "D0711", Error, "A model names an index that its table does not have.";
    UnusedIndex = "D0712", Error, "No model of a shared table is in an index.";
    TypeAttribute = "D0713", Error, "A table's type attribute is not free for its purpose.";
    KeyOnly = "D0714", Error, "A field is kept in the key alone, and its table's key does not hold it.";
    CollectionModels = "D0715", Error, "The models of a collection are not read by one query.";
    UnknownContext = "D0716", Error, "A model's context is not declared.";
    ContextMissing = "D0717", Error, "A model can be read without its context.";
    TemplatesDiffer = "D0718", Error, "A model composes one attribute in two ways.";
    TypeNotProjected = "D0719", Error, "A shared index leaves out the attribute that names the model of an item.";
    CollectionPart = "D0720", Error, "A collection reads a part of a partition that is not its models' alone.";
    SharedKey = "D0721", Error, "Models that share their keys are not told apart, or have different ones.";
    LossyKey = "D0722", Error, "Values that differ can have one key.";
    TypeValue = "D0740", Error, "What a model's type is stored as contradicts another declaration.";

    GeneratedType = "D0801", Error, "A generated value does not fit its field's type.";
    GeneratedOptional = "D0802", Error, "A field that always gets a generated value is optional.";
    GeneratedDefault = "D0803", Error, "A generated field has a default too.";
    GeneratedTwice = "D0804", Error, "A model has two fields of one generated kind.";
    GeneratedMisplaced = "D0805", Error, "A value is generated where nothing would generate it.";
    ManagedKey = "D0806", Error, "A key has a value that every write changes.";
    ExpiryDuration = "D0807", Error, "A duration cannot be read.";
    ManagedRule = "D0808", Error, "A value that the runtime writes has rules.";
    UniqueType = "D0820", Error, "A field cannot be unique.";
    UniqueMisplaced = "D0821", Error, "A field is unique where it is not a field of a model.";
    UniqueTable = "D0822", Error, "A table's key has no room for what guards unique fields.";
    UnknownUnique = "D0823", Error, "A unique field is not among the model's fields.";
    RepeatedUnique = "D0824", Error, "Unique fields are none, or declared twice.";
    UniqueKey = "D0825", Warning, "Unique fields include the table's whole key, which is unique anyway.";

    UnknownRelated = "D0901", Error, "A relation names a model that is not declared.";
    RelationIndex = "D0902", Error, "A relation's index is not one of the table that it reads, or does not hold what is needed.";
    RelationField = "D0903", Error, "A relation's keys name something that is not a field.";
    RelationKey = "D0904", Error, "A relation's keys are not the key that it reads by.";
    RelationType = "D0905", Error, "The two sides of a relation's key have different types.";
    RelationTemplate = "D0906", Error, "A relation's template cannot be composed, or not be taken apart again.";
    RelationBack = "D0907", Error, "A relation's back reference does not lead back.";
    RelationCreate = "D0908", Error, "A missing partner cannot be made from its key and defaults.";
    RelationSetting = "D0909", Error, "A setting does not apply to the relation's kind.";
    RelationThrough = "D0910", Error, "A many-to-many relation's adjacency is not keyed by both sides.";

    ChangeVariant = "D1601", Error, "A model has the name of a variant that every enum of changes has.";
    ChangeWithoutModel = "D1602", Warning, "A stream does not tell of which model an item is.";

    LockMissing = "D1801", Error, "There is no lock, and one is demanded.";
    LockText = "D1802", Error, "The lock is not a text that the tool writes.";
    LockNewer = "D1803", Error, "A newer tool wrote the lock.";
    LockDigest = "D1804", Error, "A part of the lock is not as it was written.";
    LockStale = "D1805", Error, "The lock is not what the declarations say.";
    LockConflict = "D1806", Error, "The lock holds the marks of a merge that nobody finished.";
    AlsoRead = "D1810", Error, "A field is read under a name that is not free for it.";
    AlsoReadMisplaced = "D1811", Error, "A field cannot be read under another name.";
    AlsoReadNotProjected = "D1812", Error, "An index keeps an attribute under one of its names only.";
    ShapeNumber = "D1820", Error, "A shape's number is not one that follows the lock.";
    ShapeAttribute = "D1821", Error, "The attribute of a shape's number is not free for it.";
    UpgradeMissing = "D1822", Error, "Items of an older shape cannot be upgraded.";
    UpgradeMisplaced = "D1823", Error, "An upgrade is of no shape that items may still have.";
    ShapeNotProjected = "D1824", Error, "An index leaves out the number of an item's shape.";
    WrittenShape = "D1825", Error, "Items cannot be written with this shape.";
    DowngradeMissing = "D1826", Error, "Nothing makes the older shape that is written.";
    DowngradeMisplaced = "D1827", Error, "A downgrade makes no shape that is written.";
    ShapeGap = "D1828", Error, "The lock lacks a shape between two others.";
    OlderShapeUnfit = "D1829", Error, "An older shape differs from today's in what no upgrade can change.";

    SensitiveKey = "D1901", Error, "A sensitive field is part of a key, or unique, or leads to other items.";
}

impl Code {
    /// The code that is printed as `text`, in upper or lower case.
    pub fn find(text: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.text().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_in_order() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].text() < pair[1].text()));
    }
}
