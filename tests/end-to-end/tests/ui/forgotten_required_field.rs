use end_to_end::operations::Mark;

fn main() {
    let _ = Mark::builder().count(1).build();
}
