use dynamorm::Operations;
use end_to_end::models::Mark;

fn main() {
    let _ = Mark::get(1);
}
