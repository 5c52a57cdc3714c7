use end_to_end::operations::Parcel;

fn main() {
    let _ = Parcel::query("Ulm").weight().gt(1);
}
