use cookbook::models::{AssignedTickets, Message, Order, Ticket, TicketsChange};
use cookbook::{a_function_on_lambda, a_sum_that_follows_a_table, an_outbox};
use dynamorm::changes::{LambdaEvent, Once};
use dynamorm::{Decimal, Operations};

use crate::{Result, database};

/// An event of Lambda's: the ticket got this assignee, after the other.
fn event(id: &str, before: Option<&str>, now: &str) -> String {
    let image = |assignee: Option<&str>| {
        let assignee = assignee.map(|name| format!(r#", "assignee": {{"S": "{name}"}}"#)).unwrap_or_default();
        format!(r#"{{"id": {{"S": "t"}}, "title": {{"S": "Broken"}}{assignee}}}"#)
    };
    format!(
        r#"{{"Records": [{{"eventID": "{id}", "eventName": "MODIFY", "eventSource": "aws:dynamodb",
        "eventSourceARN": "arn:aws:dynamodb:eu-central-1:123456789012:table/tickets/stream/2026-01-01T00:00:00.000",
        "dynamodb": {{"ApproximateCreationDateTime": 1767225600, "Keys": {{"id": {{"S": "t"}}}},
        "OldImage": {}, "NewImage": {}, "SequenceNumber": "100", "SizeBytes": 50,
        "StreamViewType": "NEW_AND_OLD_IMAGES"}}}}]}}"#,
        image(before),
        image(Some(now))
    )
}

#[tokio::test]
async fn a_message_is_written_with_its_order_and_sent_once() -> Result<()> {
    let db = database().await;
    let order = an_outbox::place(&db, "ada", Decimal::from(5)).await?;
    assert!(Order::get(order.id).send(&db).await?.is_some());
    let mut sent = Vec::new();
    assert_eq!(an_outbox::drain(&db, |body| sent.push(body.to_owned())).await?, 1);
    assert_eq!(an_outbox::drain(&db, |body| sent.push(body.to_owned())).await?, 0);
    assert_eq!(sent, [format!("placed {}", order.id)]);
    assert_eq!(Message::scan().count(&db).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_function_answers_what_it_has_not_handled() {
    let event = event("1", None, "ada");
    let response = a_function_on_lambda::on_event(event.as_bytes()).await.unwrap();
    assert_eq!(dynamorm::serde_json::to_string(&response).unwrap(), r#"{"batchItemFailures":[]}"#);
    assert!(a_function_on_lambda::on_event(b"{").await.is_err());
}

#[tokio::test]
async fn a_record_is_counted_once() -> Result<()> {
    let db = database().await;
    for (id, before, now, expected) in [
        ("1", None, "ada", Once::Now),
        ("1", None, "ada", Once::Before),
        ("2", Some("ada"), "grace", Once::Now),
    ] {
        let event = event(id, before, now);
        for change in LambdaEvent::<TicketsChange>::read(event.as_bytes()).unwrap().changes() {
            let TicketsChange::Ticket(change) = change.unwrap() else { panic!("a change of another model") };
            assert!(a_function_on_lambda::is_newly_assigned(&change));
            let once = a_sum_that_follows_a_table::count_assigned(&db, &change).await?;
            assert_eq!(once, expected, "{id}");
        }
    }
    let count = async |who| AssignedTickets::get(who).send(&db).await.unwrap().unwrap().count;
    assert_eq!((count("ada").await, count("grace").await), (0, 1));
    assert_eq!(Ticket::scan().count(&db).await?, 0);
    Ok(())
}
