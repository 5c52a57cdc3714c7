use dynamorm::Operations;
use end_to_end::single_table::{Order, OrderKey};

fn main() {
    let key = OrderKey::new("ada", dynamorm::now(), 1);
    let _ = Order::update(key).set(Order::REGION, "eu");
}
