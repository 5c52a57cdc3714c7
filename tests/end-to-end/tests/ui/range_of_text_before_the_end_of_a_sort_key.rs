use end_to_end::single_table::Order;

fn main() {
    let _ = Order::by_warehouse("north").urgency().eq(1).region().lt("eu");
}
