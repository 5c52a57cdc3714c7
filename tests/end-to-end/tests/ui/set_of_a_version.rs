use dynamorm::Operations;
use end_to_end::managed_values::Order;

fn main() {
    let _ = Order::update(dynamorm::Ulid::nil()).set(Order::VERSION, 7);
}
