//! Writes of models without a version: notes, parcels whose index key is made of two fields, and tickets of a tenant.

use super::{operation, read};
use crate::models::{Note, Parcel, Ticket};
use crate::operation::{Call, Operation, Report};
use dynamorm::Operations;

fn note(call: &Call) -> Note {
    Note { id: call.key().to_owned(), text: call.text(), count: call.number(), tag: Some(call.text()) }
}

fn parcel(call: &Call) -> Parcel {
    Parcel {
        id: call.key().to_owned(),
        city: "york".to_owned(),
        shelf: u8::try_from(call.number()).unwrap_or_default(),
        state: call.text(),
        note: None,
    }
}

pub fn operations() -> Vec<Operation> {
    let mut all = notes();
    all.extend(parcels());
    all.extend(tickets());
    all
}

fn notes() -> Vec<Operation> {
    vec![
        operation!("note: put", AtLeastOnce, [], call => Report::of(note(&call).put().send(&call.db).await)),
        operation!("note: put if not exists", Once, [], call => {
            Report::of(note(&call).put().if_not_exists().send(&call.db).await)
        }),
        operation!("note: put or get", Once, [], call => match note(&call).put().or_get().send(&call.db).await {
            Ok(None) => Report::of(Ok(())),
            Ok(Some(_)) => Report::untried(),
            Err(error) => Report::of(Err(error)),
        }),
        operation!("note: put when", AtLeastOnce, [], call => {
            Report::of(note(&call).put().when(Note::COUNT.le(call.number())).send(&call.db).await)
        }),
        operation!("note: update, set", AtLeastOnce, ["text"], call => {
            Report::of(Note::update(call.key()).set(Note::TEXT, call.text()).send(&call.db).await)
        }),
        operation!("note: update, set when", AtLeastOnce, ["text"], call => {
            let update = Note::update(call.key()).set(Note::TEXT, call.text());
            Report::of(update.when(Note::COUNT.ge(1)).send(&call.db).await)
        }),
        operation!("note: update, set when it changes itself", AtLeastOnce, ["text"], call => {
            let update = Note::update(call.key()).set(Note::TEXT, call.text());
            Report::of(update.when(Note::TEXT.ne(call.text())).send(&call.db).await)
        }),
        operation!("note: update, add", OnceForEver, ["count"], call => {
            Report::of(Note::update(call.key()).add(Note::COUNT, call.number()).send(&call.db).await)
        }),
        operation!("note: update, add when", OnceForEver, ["count"], call => {
            let update = Note::update(call.key()).add(Note::COUNT, call.number());
            Report::of(update.when(Note::COUNT.lt(20)).send(&call.db).await)
        }),
        operation!("note: update, remove", AtLeastOnce, ["tag"], call => {
            Report::of(Note::update(call.key()).remove(Note::TAG).send(&call.db).await)
        }),
        operation!("note: update, set if absent", AtLeastOnce, ["tag"], call => {
            Report::of(Note::update(call.key()).set_if_absent(Note::TAG, call.text()).send(&call.db).await)
        }),
        operation!("note: update, return new", OnceForEver, ["count", "text"], call => {
            let update = Note::update(call.key()).add(Note::COUNT, 1).set(Note::TEXT, call.text());
            match update.return_new().send(&call.db).await {
                Ok(note) => Report::of(Ok(())).with_value(&note),
                Err(error) => Report::of(Err(error)),
            }
        }),
        operation!("note: upsert, set", AtLeastOnce, ["text", "tag"], call => {
            Report::of(note(&call).upsert().set(Note::TEXT, call.text()).send(&call.db).await)
        }),
        operation!("note: upsert, add", OnceForEver, ["count", "tag"], call => {
            Report::of(note(&call).upsert().add(Note::COUNT, 1).send(&call.db).await)
        }),
        operation!("note: save text", AtLeastOnce, ["text"], call => {
            let mut tracked = read!(Note::get(call.key()), call).tracked();
            if tracked.text == call.text() { return Report::nothing(); }
            tracked.text = call.text();
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("note: save tag", AtLeastOnce, ["tag"], call => {
            let mut tracked = read!(Note::get(call.key()), call).tracked();
            if tracked.tag == Some(call.text()) { return Report::nothing(); }
            tracked.tag = Some(call.text());
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("note: save without tag", AtLeastOnce, ["tag"], call => {
            let mut tracked = read!(Note::get(call.key()), call).tracked();
            if tracked.tag.is_none() { return Report::nothing(); }
            tracked.tag = None;
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("note: save when", AtLeastOnce, ["text"], call => {
            let mut tracked = read!(Note::get(call.key()), call).tracked();
            if tracked.text == call.text() { return Report::nothing(); }
            tracked.text = call.text();
            Report::of(tracked.save().when(Note::COUNT.ge(1)).send(&call.db).await)
        }),
        operation!("note: put if not exists, exactly once", OnceForEver, [], call => {
            Report::of(note(&call).put().if_not_exists().exactly_once().send(&call.db).await)
        }),
        operation!("note: update, add exactly once", OnceForEver, ["count"], call => {
            let update = Note::update(call.key()).add(Note::COUNT, call.number());
            Report::of(update.exactly_once().send(&call.db).await)
        }),
        operation!("note: delete", AtLeastOnce, [], call => Report::of(Note::delete(call.key()).send(&call.db).await)),
        operation!("note: delete if exists", Once, [], call => {
            Report::of(Note::delete(call.key()).if_exists().send(&call.db).await)
        }),
        operation!("note: delete when", Once, [], call => {
            Report::of(Note::delete(call.key()).when(Note::COUNT.ge(1)).send(&call.db).await)
        }),
    ]
}

fn parcels() -> Vec<Operation> {
    vec![
        operation!("parcel: put", AtLeastOnce, [], call => Report::of(parcel(&call).put().send(&call.db).await)),
        operation!("parcel: put if not exists", Once, [], call => {
            Report::of(parcel(&call).put().if_not_exists().send(&call.db).await)
        }),
        operation!("parcel: update, set key", AtLeastOnce, ["shelf", "state"], call => {
            let key = Parcel::shelf_and_state(u8::try_from(call.number()).unwrap_or_default(), call.text());
            Report::of(Parcel::update(call.key()).set_key(key).send(&call.db).await)
        }),
        operation!("parcel: update, set city", AtLeastOnce, ["city"], call => {
            Report::of(Parcel::update(call.key()).set(Parcel::CITY, call.text()).send(&call.db).await)
        }),
        operation!("parcel: save shelf", AtLeastOnce, ["shelf"], call => {
            let mut tracked = read!(Parcel::get(call.key()), call).tracked();
            let shelf = u8::try_from(call.number()).unwrap_or_default() + 10;
            if tracked.shelf == shelf { return Report::nothing(); }
            tracked.shelf = shelf;
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("parcel: save state", AtLeastOnce, ["state"], call => {
            let mut tracked = read!(Parcel::get(call.key()), call).tracked();
            if tracked.state == call.text() { return Report::nothing(); }
            tracked.state = call.text();
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("parcel: save city and note", AtLeastOnce, ["city", "note"], call => {
            let mut tracked = read!(Parcel::get(call.key()), call).tracked();
            if tracked.city == call.text() && tracked.note == Some(call.text()) { return Report::nothing(); }
            (tracked.city, tracked.note) = (call.text(), Some(call.text()));
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("parcel: note what the index finds", AtLeastOnce, ["note"], call => {
            let Ok(page) = Parcel::by_place("york").send(&call.db).await else { return Report::untried() };
            let Some(Ok(found)) = page.items().iter().next() else { return Report::untried() };
            Report::of(Parcel::update(found.id.as_str()).set(Parcel::NOTE, call.text()).send(&call.db).await)
        }),
        operation!("parcel: delete", AtLeastOnce, [], call => {
            Report::of(Parcel::delete(call.key()).send(&call.db).await)
        }),
    ]
}

fn tickets() -> Vec<Operation> {
    vec![
        operation!("ticket: put", AtLeastOnce, [], call => {
            let ticket = Ticket { tenant: "acme".to_owned(), id: call.key().to_owned(), text: call.text() };
            Report::of(ticket.put().send(&call.db).await)
        }),
        operation!("ticket: save", AtLeastOnce, ["text"], call => {
            let mut tracked = read!(Ticket::get(("acme", call.key())), call).tracked();
            if tracked.text == call.text() { return Report::nothing(); }
            tracked.text = call.text();
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("ticket: delete if exists", Once, [], call => {
            Report::of(Ticket::delete(("acme", call.key())).if_exists().send(&call.db).await)
        }),
    ]
}
