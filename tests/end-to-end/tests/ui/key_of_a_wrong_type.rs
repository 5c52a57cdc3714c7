use dynamorm::Operations;
use end_to_end::operations::Mark;

fn main() {
    let _ = Mark::get(1);
}
