use end_to_end::values::MemberKey;

fn main() {
    // The guards of the values that are given up would be left behind.
    let _ = dynamorm::batch_write().delete(MemberKey::new("acme", "1"));
}
