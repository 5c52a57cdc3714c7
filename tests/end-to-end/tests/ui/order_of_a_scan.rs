use end_to_end::models::Parcel;

fn main() {
    let _ = Parcel::scan().descending();
}
