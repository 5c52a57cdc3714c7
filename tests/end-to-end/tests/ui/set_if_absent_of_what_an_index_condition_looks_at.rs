use dynamorm::Operations;
use end_to_end::designs::{WorkOrder, WorkStatus};

fn main() {
    let _ = WorkOrder::update(("north", 1)).set_if_absent(WorkOrder::STATUS, WorkStatus::Done);
}
