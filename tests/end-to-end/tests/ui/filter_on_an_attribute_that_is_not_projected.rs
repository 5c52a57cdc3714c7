use end_to_end::operations::{Parcel, State};

fn main() {
    let _ = Parcel::by_state(State::Stored).filter(Parcel::NOTE.exists());
}
