use end_to_end::models::Parcel;

fn main() {
    let _ = Parcel::query("Ulm").number().ge(1).parallel(4);
}
