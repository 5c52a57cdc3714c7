use dynamorm::Operations;
use end_to_end::counters::Project;

fn main() {
    let _ = Project::update("apollo").set(Project::MEMBERS, 7);
}
