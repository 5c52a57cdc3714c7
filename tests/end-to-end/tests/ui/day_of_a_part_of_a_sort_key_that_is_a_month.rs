use dynamorm::Date;
use end_to_end::designs::Deal;

fn main() {
    let day: Date = "2026-03-01".parse().unwrap();
    let _ = Deal::of_brand("Acme").ends_at().on(day);
}
