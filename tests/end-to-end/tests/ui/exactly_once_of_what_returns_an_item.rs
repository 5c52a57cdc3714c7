use dynamorm::Operations;
use end_to_end::operations::Parcel;

fn main() {
    let _ = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 2).return_new().exactly_once();
    let _ = Parcel::delete(("Ulm", 1)).exactly_once().return_old();
}
