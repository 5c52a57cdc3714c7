use dynamorm::batch_write;
use end_to_end::counters::Membership;

fn main() {
    // It does not read which of them are there.
    let _ = batch_write().delete::<Membership>(("apollo", "ada"));
}
