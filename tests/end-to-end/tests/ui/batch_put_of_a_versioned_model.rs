use end_to_end::values::Counter;

fn main() {
    let counter = Counter::builder().name("visits").build().unwrap();
    // A batch has no conditions, so that nothing could demand the version that was read.
    let _ = dynamorm::batch_write().put(&counter);
}
