use dynamorm::Operations;
use end_to_end::managed_values::Note;

fn main() {
    let _ = Note::update(dynamorm::Uuid::nil()).expect_version(1);
}
