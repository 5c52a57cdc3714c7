//! Additions to a counter that has bounds.

use super::operation;
use crate::models::Stock;
use crate::operation::{Operation, Report};
use dynamorm::Operations;

pub fn operations() -> Vec<Operation> {
    vec![
        operation!("stock: begin", AtLeastOnce, [], call => {
            let stock = Stock { id: call.key().to_owned(), level: 6 };
            Report::of(stock.put().send(&call.db).await)
        }),
        operation!("stock: take", OnceForEver, ["level"], call => {
            Report::of(Stock::update(call.key()).add(Stock::LEVEL, -call.number()).send(&call.db).await)
        }),
        operation!("stock: give", OnceForEver, ["level"], call => {
            Report::of(Stock::update(call.key()).add(Stock::LEVEL, call.number()).send(&call.db).await)
        }),
        operation!("stock: take when", OnceForEver, ["level"], call => {
            let update = Stock::update(call.key()).add(Stock::LEVEL, -call.number());
            Report::of(update.when(Stock::LEVEL.ge(2)).send(&call.db).await)
        }),
    ]
}
