//! Writes of items that are counted, and of those that count them.

use super::{operation, read};
use crate::models::{Guest, Room};
use crate::operation::{Call, Operation, Report};
use dynamorm::Operations;

fn guest(call: &Call) -> Guest {
    Guest { room: call.key().to_owned(), name: call.number().to_string(), text: call.text() }
}

fn key(call: &Call) -> (&'static str, String) {
    (call.key(), call.number().to_string())
}

pub fn operations() -> Vec<Operation> {
    vec![
        operation!("room: put", AtLeastOnce, [], call => {
            // What it says of its guests is nobody's concern.
            let mut room = Room { id: call.key().to_owned(), text: call.text(), guests: 7 };
            let result = room.put().send(&call.db).await;
            Report::of(result)
        }),
        operation!("room: update", AtLeastOnce, ["text"], call => {
            Report::of(Room::update(call.key()).set(Room::TEXT, call.text()).send(&call.db).await)
        }),
        operation!("room: save", AtLeastOnce, ["text"], call => {
            let mut tracked = read!(Room::get(call.key()), call).tracked();
            if tracked.text == call.text() { return Report::nothing(); }
            tracked.text = call.text();
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("guest: put", AtLeastOnce, [], call => {
            Report::of(guest(&call).put().send(&call.db).await)
        }),
        operation!("guest: put if not exists", Once, [], call => {
            Report::of(guest(&call).put().if_not_exists().send(&call.db).await)
        }),
        operation!("guest: update", AtLeastOnce, ["text"], call => {
            Report::of(Guest::update(key(&call)).set(Guest::TEXT, call.text()).send(&call.db).await)
        }),
        operation!("guest: delete", AtLeastOnce, [], call => {
            Report::of(Guest::delete(key(&call)).send(&call.db).await)
        }),
        operation!("guest: delete if exists", Once, [], call => {
            Report::of(Guest::delete(key(&call)).if_exists().send(&call.db).await)
        }),
        operation!("guest: move to another room", OnceForEver, [], call => {
            let there = Guest { room: call.other().to_owned(), ..guest(&call) };
            let transaction = dynamorm::transaction().delete(Guest::delete(key(&call)).if_exists());
            Report::of(transaction.put(there.put().if_not_exists()).send(&call.db).await)
        }),
        operation!("guest: come with news of the room", OnceForEver, ["text"], call => {
            let update = Room::update(call.key()).set(Room::TEXT, call.text());
            let transaction = dynamorm::transaction().put(guest(&call).put()).update(update);
            Report::of(transaction.send(&call.db).await)
        }),
        operation!("guest: open a room", OnceForEver, [], call => {
            let mut room = Room { id: call.key().to_owned(), text: call.text(), guests: 0 };
            let transaction = dynamorm::transaction().put(guest(&call).put()).put(room.put());
            Report::of(transaction.send(&call.db).await)
        }),
    ]
}
