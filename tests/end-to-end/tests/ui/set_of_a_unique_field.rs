use dynamorm::Operations;
use end_to_end::managed_values::Member;

fn main() {
    let _ = Member::update(("acme", "1")).set(Member::NUMBER, 7);
}
