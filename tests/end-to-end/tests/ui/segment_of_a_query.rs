use end_to_end::operations::Parcel;

fn main() {
    let _ = Parcel::query("Ulm").number().ge(1).parallel(4);
}
