use dynamorm::batch_write;
use end_to_end::designs::Person;

fn main() {
    let _ = batch_write().put(&Person { name: "ada".to_owned(), born: 1815 });
}
