use dynamorm::Operations;
use end_to_end::designs::Job;

fn main() {
    let _ = Job::update(7).set(Job::IS_DONE, true);
}
