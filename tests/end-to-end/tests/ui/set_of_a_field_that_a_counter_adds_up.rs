use dynamorm::Operations;
use end_to_end::counters::Invoice;

fn main() {
    let _ = Invoice::update(7).set(Invoice::CENTS, 500);
}
