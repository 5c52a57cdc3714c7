use end_to_end::keys::Task;

fn main() {
    let task = Task::builder().id(7).project("bridge").build().unwrap();
    // An item stored without a state would get a key of this project, and keep its own.
    let _ = task.upsert();
}
