use end_to_end::single_table::Order;

fn main() {
    let _ = Order::query("ada").placed_at().begins_with("2026");
}
