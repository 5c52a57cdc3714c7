use end_to_end::operations::Parcel;

fn main() {
    let _ = Parcel::scan().filter(Parcel::WEIGHT.begins_with(1));
}
