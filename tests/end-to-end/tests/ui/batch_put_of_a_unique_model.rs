use end_to_end::values::Member;

fn main() {
    let member = Member::builder().tenant("acme").id("1").number(7).build().unwrap();
    // A batch is no transaction, in which alone the guards of unique values can be written.
    let _ = dynamorm::batch_write().put(&member);
}
