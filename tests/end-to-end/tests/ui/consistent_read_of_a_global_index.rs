use end_to_end::operations::Parcel;

fn main() {
    let _ = Parcel::by_recipient("Ada").consistent();
}
