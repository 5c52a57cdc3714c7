use end_to_end::values::Order;

fn main() {
    let _ = |order: &Order| dynamorm::batch_write().put(order);
}
