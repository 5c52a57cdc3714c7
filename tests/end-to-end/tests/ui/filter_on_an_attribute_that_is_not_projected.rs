use end_to_end::models::{Parcel, State};

fn main() {
    let _ = Parcel::by_state(State::Stored).filter(Parcel::NOTE.exists());
}
