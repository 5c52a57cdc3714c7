use end_to_end::managed_values::Member;

fn main() {
    let member = Member::builder().tenant("acme").id("1").number(7).build().unwrap();
    // It does not read which values the item has that it would change.
    let _ = member.upsert();
}
