use end_to_end::operations::Parcel;

fn main() {
    let _ = Parcel::scan().filter(Parcel::EXPIRES_AT.lt("2024-03-01T00:00:00Z"));
}
