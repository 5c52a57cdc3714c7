//! Roles: what can be done with an attribute besides reading it.

/// The role of an ordinary attribute.
#[derive(Debug)]
pub enum Plain {}

/// The role of an attribute of the table's primary key, which no update can change.
#[derive(Debug)]
pub enum InPrimaryKey {}

/// The role of an attribute that the runtime sets with every write, such as a version.
#[derive(Debug)]
pub enum Managed {}

/// The role of an attribute whose value is unique, alone or with others.
#[derive(Debug)]
pub enum Unique {}

/// The role of an attribute that counts items of another model.
#[derive(Debug)]
pub enum Counts {}

/// The role of an attribute that decides what counts its item, or for how much.
#[derive(Debug)]
pub enum Counted {}

/// The role of a place within an attribute.
#[derive(Debug)]
pub enum Nested {}

/// The role of an attribute that is composed into an index key together with others, so they change together.
#[derive(Debug)]
pub enum InIndexKey {}

/// A role whose attribute an update may change in any way.
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

#[diagnostic::do_not_recommend]
impl TopLevel for Counts {}

#[diagnostic::do_not_recommend]
impl TopLevel for Counted {}
