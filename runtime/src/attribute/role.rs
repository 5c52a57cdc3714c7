//! Roles: what can be done with an attribute besides reading it.

/// The role of an ordinary attribute.
#[derive(Debug)]
pub enum Plain {}

/// The role of an attribute of the table's primary key, which no update can change.
#[derive(Debug)]
pub enum InPrimaryKey {}

/// The role of an attribute that the runtime writes itself with every write, such as a version.
#[derive(Debug)]
pub enum Managed {}

/// The role of an attribute whose value is unique, alone or with others.
#[derive(Debug)]
pub enum Unique {}

/// The role of a place within an attribute.
#[derive(Debug)]
pub enum Nested {}

/// The role of an attribute of which an index key is composed together with others, so that they change together.
#[derive(Debug)]
pub enum InIndexKey {}

/// The role of an attribute that follows from another one: whoever changes that changes it too.
#[derive(Debug)]
pub enum Computed {}

#[diagnostic::do_not_recommend]
impl TopLevel for Computed {}

/// A role whose attribute an update may change in any way, whatever its value is.
#[diagnostic::on_unimplemented(
    message = "an update can only `set` this attribute: its role is `{Self}`",
    note = "keys follow from its value, which must be known"
)]
pub trait Free {}

#[diagnostic::do_not_recommend]
impl Free for Plain {}

#[diagnostic::do_not_recommend]
impl Free for Nested {}

/// A role whose attribute stands at the top of the item.
#[diagnostic::on_unimplemented(
    message = "only whole attributes can be selected: this is a place within one",
    note = "select the attribute that holds it"
)]
pub trait TopLevel {}

#[diagnostic::do_not_recommend]
impl TopLevel for Plain {}

#[diagnostic::do_not_recommend]
impl TopLevel for InPrimaryKey {}

#[diagnostic::do_not_recommend]
impl TopLevel for Managed {}

impl TopLevel for InIndexKey {}

#[diagnostic::do_not_recommend]
impl TopLevel for Unique {}
