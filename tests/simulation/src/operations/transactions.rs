//! Transactions of several writes.

use super::{members, operation, read};
use crate::models::{Account, Doc, Member, Note, Parcel, Stamp, Stock};
use crate::operation::{Call, Operation, Report};
use dynamorm::Operations;

fn note(call: &Call) -> Note {
    Note { id: call.key().to_owned(), text: call.text(), count: 0, tag: None }
}

pub fn operations() -> Vec<Operation> {
    vec![
        operation!("transaction: put, update and check", OnceForEver, ["text", "level"], call => {
            let note = note(&call);
            let transaction = dynamorm::transaction()
                .put(note.put())
                .update(Stock::update(call.key()).add(Stock::LEVEL, -1))
                .check(Note::check(call.other()).when(Note::COUNT.ge(0)));
            Report::of(transaction.send(&call.db).await)
        }),
        operation!("transaction: sent again as it was", OnceForEver, ["level"], call => {
            let note = note(&call);
            let take = Stock::update(call.key()).add(Stock::LEVEL, -1);
            match dynamorm::transaction().put(note.put()).update(take).send(&call.db).await {
                Err(error) if error.is_outcome_unknown() => match error.into_prepared() {
                    Some(prepared) => Report::of(prepared.send(&call.db).await),
                    None => Report::unknown("it cannot be sent again"),
                },
                outcome => Report::of(outcome),
            }
        }),
        operation!("transaction: create and take", OnceForEver, ["level"], call => {
            let note = note(&call);
            let take = Stock::update(call.key()).add(Stock::LEVEL, -1);
            let transaction = dynamorm::transaction().put(note.put().if_not_exists()).update(take);
            Report::of(transaction.send(&call.db).await)
        }),
        operation!("transaction: put of a version", OnceForEver, ["text", "count"], call => {
            let mut doc = read!(Doc::get(call.key()), call);
            doc.text = call.text();
            let add = Note::update(call.key()).add(Note::COUNT, 1);
            let result = dynamorm::transaction().put(doc.put()).update(add).send(&call.db).await;
            Report::of(result).with_value(&doc)
        }),
        operation!("transaction: update of a version", OnceForEver, ["text"], call => {
            let stamp = read!(Stamp::get(call.key()), call);
            let update = Stamp::update(call.key()).set(Stamp::TEXT, call.text()).expect_version(stamp.version);
            let delete = Parcel::delete(call.other());
            Report::of(dynamorm::transaction().update(update).delete(delete).send(&call.db).await)
        }),
        operation!("transaction: upsert and delete", OnceForEver, ["text"], call => {
            let upsert = note(&call).upsert().set(Note::TEXT, call.text());
            let delete = Doc::delete(call.key()).if_exists();
            Report::of(dynamorm::transaction().upsert(upsert).delete(delete).send(&call.db).await)
        }),
        operation!("transaction: delete of a version and check", OnceForEver, [], call => {
            let doc = read!(Doc::get(call.key()), call);
            let check = Stamp::check(call.key()).exists();
            Report::of(dynamorm::transaction().delete(doc.delete_this()).check(check).send(&call.db).await)
        }),
        operation!("transaction: member and account", OnceForEver, ["text"], call => {
            let member = members::member(&call, call.key());
            let update = Account::update(call.key()).set(Account::TEXT, call.text());
            let transaction = dynamorm::transaction().put(member.put()).update(update);
            Report::of(transaction.delete(Member::delete(call.other())).send(&call.db).await)
        }),
    ]
}
