use dynamorm::Operations;
use end_to_end::designs::{Job, WorkOrder, WorkStatus};

fn main() {
    let _ = Job::update(7).add(Job::LEVEL, 1);
    let _ = WorkOrder::update(("north", 1)).set_if_absent(WorkOrder::STATUS, WorkStatus::Done);
}
