use dynamorm::batch_write;
use end_to_end::lints::Shaped;

fn main() {
    let _ = batch_write().put(&Shaped { id: "ada".to_owned() });
}
