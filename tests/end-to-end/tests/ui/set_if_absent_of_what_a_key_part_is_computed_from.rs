use dynamorm::{Operations, Timestamp};
use end_to_end::designs::Deal;

fn main() {
    // The update would have to know whether there is a value already, to say what the key is then.
    let _ = Deal::update((Timestamp::UNIX_EPOCH, 1)).set_if_absent(Deal::BRAND, "Acme");
}
