use end_to_end::designs::WorkOrder;

fn main() {
    let order = WorkOrder::builder().shop("north").number(1).build().unwrap();
    // A stored order that is done would get the keys of an open one.
    let _ = order.upsert();
}
