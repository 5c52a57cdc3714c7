use end_to_end::models::Parcel;

fn main() {
    let _ = Parcel::query("Ulm").weight().gt(1);
}
