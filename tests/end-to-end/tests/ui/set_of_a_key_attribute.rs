use dynamorm::Operations;
use end_to_end::operations::Parcel;

fn main() {
    let _ = Parcel::update(("Ulm", 1)).set(Parcel::NUMBER, 2);
}
