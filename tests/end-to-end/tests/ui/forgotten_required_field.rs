use end_to_end::models::Mark;

fn main() {
    let _ = Mark::builder().count(1).build();
}
