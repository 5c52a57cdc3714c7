use dynamorm::Operations;
use end_to_end::operations::Parcel;

async fn read() {
    let _ = Parcel::get(("north", 1_u64)).await;
}

fn main() {
    let _ = read();
}
