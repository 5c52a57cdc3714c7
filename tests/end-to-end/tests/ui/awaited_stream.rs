use dynamorm::Client;
use end_to_end::operations::Parcel;

async fn read(db: Client) {
    let _ = Parcel::scan().items(&db).await;
}

fn main() {
    let _ = read;
}
