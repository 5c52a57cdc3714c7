//! What a transaction is asked to do, before it is ready to be sent.

use std::future::ready;

use crate::client::{Client, Deadline};
use crate::error::Result;
use crate::facts::Facts;
use crate::future::BoxFuture;
use crate::hooks;
use crate::hooks::Changed;
use crate::item::Item;
use crate::operation::write::check::CheckItem;
use crate::operation::write::delete::DeleteItem;
use crate::operation::write::part::WritePart;
use crate::operation::write::put::PutItem;
use crate::operation::write::update::UpdateItem;
use crate::stamp::Stamp;

/// One operation.
#[derive(Debug)]
pub(crate) enum Operation {
    Put(PutItem),
    Update(Box<UpdateItem>),
    Delete(DeleteItem),
    Check(CheckItem),
}

/// What hooks after an operation are to see.
pub(crate) enum Done {
    Put { is_hooked: bool },
    Update(Changed),
    Delete(&'static Facts, Item),
    Checked,
}

impl Operation {
    /// Whether it depends on what is read of its item before it is sent.
    pub fn reads(&self) -> bool {
        match self {
            Operation::Put(put) => put.reads(),
            Operation::Delete(delete) => delete.reads(),
            Operation::Update(_) | Operation::Check(_) => false,
        }
    }

    /// The same operations, if any of them depends on what is read.
    pub fn again(operations: &[Operation]) -> Option<Vec<Operation>> {
        if !operations.iter().any(Operation::reads) {
            return None;
        }
        let again = operations.iter().map(|operation| {
            Some(match operation {
                Operation::Put(put) => Operation::Put(put.again()?),
                Operation::Update(update) => Operation::Update(update.clone()),
                Operation::Delete(delete) => Operation::Delete(delete.clone()),
                Operation::Check(check) => Operation::Check(check.clone()),
            })
        });
        again.collect()
    }

    /// Its parts, once what it depends on has been read.
    pub fn into_parts<'a>(
        self,
        stamp: Stamp<'a>,
        deadline: Deadline,
        db: &'a Client,
    ) -> BoxFuture<'a, Result<Vec<WritePart>>> {
        match self {
            Operation::Put(put) => put.into_parts(stamp, deadline, db),
            Operation::Delete(delete) => delete.into_parts(deadline, db),
            Operation::Update(update) => Box::pin(ready(update.into_parts(stamp, db))),
            Operation::Check(check) => Box::pin(ready(check.into_part(db).map(|part| vec![part]))),
        }
    }

    /// Runs the hooks before it.
    pub async fn before(&mut self, db: &Client) -> Result<Done> {
        Ok(match self {
            Operation::Put(put) => Done::Put { is_hooked: put.before(db).await? },
            Operation::Update(update) => Done::Update(update.before(db).await?),
            Operation::Delete(delete) => {
                let (facts, key) = delete.before(db).await?;
                Done::Delete(facts, key)
            }
            Operation::Check(_) => Done::Checked,
        })
    }
}

impl Done {
    /// Runs the hooks after it.
    pub async fn after(&self, part: &mut WritePart, db: &Client) {
        match self {
            // The key of a put is its whole item.
            Done::Put { is_hooked } => {
                if *is_hooked {
                    part.written.set_hooked(part.key.clone());
                }
                hooks::after_put(db, part.facts, &part.key).await;
            }
            Done::Update(changed) => hooks::after_update(db, changed).await,
            Done::Delete(facts, key) => hooks::after_delete(db, facts, key).await,
            Done::Checked => {}
        }
    }
}
