//! Writes of models with unique fields, and of their guards.

use dynamorm::Operations;
use std::time::Duration;

use aws_sdk_dynamodb::config::timeout::TimeoutConfig;

use super::{operation, read};
use crate::models::Member;
use crate::operation::{Call, Operation, Report};

/// A member whose values others want, too.
pub fn member(call: &Call, id: &str) -> Member {
    let email = if call.number() == 3 { None } else { Some(format!("mail-{}", call.number())) };
    let seat = (call.number() > 1).then(|| call.number().to_string());
    Member { id: id.to_owned(), email, room: Some("blue".to_owned()), seat, name: call.text() }
}

pub fn operations() -> Vec<Operation> {
    vec![
        operation!("member: put", AtLeastOnce, [], call => {
            Report::of(member(&call, call.key()).put().send(&call.db).await)
        }),
        operation!("member: put if not exists", Once, [], call => {
            Report::of(member(&call, call.key()).put().if_not_exists().send(&call.db).await)
        }),
        operation!("member: update name", AtLeastOnce, ["name"], call => {
            Report::of(Member::update(call.key()).set(Member::NAME, call.text()).send(&call.db).await)
        }),
        operation!("member: save name", AtLeastOnce, ["name"], call => {
            let mut tracked = read!(Member::get(call.key()), call).tracked();
            if tracked.name == call.text() { return Report::nothing(); }
            tracked.name = call.text();
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("member: save values", Once, ["email", "seat"], call => {
            let mut tracked = read!(Member::get(call.key()), call).tracked();
            let wanted = member(&call, call.key());
            if tracked.email == wanted.email && tracked.seat == wanted.seat { return Report::nothing(); }
            (tracked.email, tracked.seat) = (wanted.email, wanted.seat);
            Report::of(tracked.save().send(&call.db).await)
        }),
        operation!("member: delete", AtLeastOnce, [], call => {
            Report::of(Member::delete(call.key()).send(&call.db).await)
        }),
        operation!("member: delete if exists", Once, [], call => {
            Report::of(Member::delete(call.key()).if_exists().send(&call.db).await)
        }),
        operation!("member: move the e-mail address", OnceForEver, ["email"], call => {
            let mut giver = read!(Member::get(call.key()), call);
            let mut taker = read!(Member::get(call.other()), call);
            taker.email = giver.email.take();
            let puts = dynamorm::transaction().put(giver.put()).put(taker.put());
            Report::of(puts.send(&call.db).await)
        }),
        operation!("member: exchange the seats", OnceForEver, ["seat"], call => {
            let mut one = read!(Member::get(call.key()), call);
            let mut two = read!(Member::get(call.other()), call);
            std::mem::swap(&mut one.seat, &mut two.seat);
            let puts = dynamorm::transaction().put(one.put()).put(two.put());
            Report::of(puts.send(&call.db).await)
        }),
        operation!("member: take the place of another", OnceForEver, [], call => {
            let member = member(&call, call.key());
            let transaction = dynamorm::transaction().put(member.put().if_not_exists());
            Report::of(transaction.delete(Member::delete(call.other())).send(&call.db).await)
        }),
        operation!("member: put two, one without values", OnceForEver, [], call => {
            // Where a guard was left behind, its former owner is written beside.
            let one = member(&call, call.key());
            let other = Member { email: None, seat: None, ..member(&call, call.other()) };
            Report::of(dynamorm::transaction().put(one.put()).put(other.put()).send(&call.db).await)
        }),
        operation!("member: vanish", Nothing, [], call => {
            // As DynamoDB does to an item that expires, and writers that know nothing of guards.
            let key = member(&call, call.key()).to_item().expect("the member can be stored");
            let delete = call.db.sdk().delete_item().table_name("world");
            let deadline = TimeoutConfig::builder().operation_timeout(Duration::from_secs(20)).build();
            let deadline = aws_sdk_dynamodb::config::Builder::new().timeout_config(deadline);
            let delete = delete.key("pk", key["pk"].clone()).key("sk", key["sk"].clone());
            let sent = delete.customize().config_override(deadline).send().await;
            if sent.is_ok() { Report::nothing() } else { Report::untried() }
        }),
        operation!("member: repair", Nothing, [], call => {
            let Ok(report) = call.db.check_unique::<Member>().await else { return Report::untried() };
            call.pause().await;
            match report.repair(&call.db).await {
                Ok(_) => Report::nothing(),
                Err(error) => Report::of(Err(error)),
            }
        }),
    ]
}
