use end_to_end::managed_values::Counter;

fn main() {
    let mut counter = Counter::builder().name("a").build().unwrap();
    let _ = dynamorm::transaction().update(counter.update_this().add(Counter::COUNT, 1));
}
