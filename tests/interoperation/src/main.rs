//! The Rust side: what it does in each step with the tables and items of one other library. See `run`.

mod dynamodb_toolbox;
mod dynamoose;
mod electrodb;
mod onetable;
mod original;
mod pynamodb;
mod side;

use std::env;

use side::Side;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [peer, step] = arguments.as_slice() else { panic!("a library and a step are named: {arguments:?}") };
    let side = Side::from_environment();
    match peer.as_str() {
        "dynamodb-toolbox" => side.run::<dynamodb_toolbox::Toolbox>(step).await,
        "electrodb" => side.run::<electrodb::ElectroDb>(step).await,
        "dynamoose" => side.run::<dynamoose::Dynamoose>(step).await,
        "onetable" => side.run::<onetable::OneTable>(step).await,
        "pynamodb" => side.run::<pynamodb::PynamoDb>(step).await,
        "dynamorm" => side.run::<original::Original>(step).await,
        other => panic!("nothing is known of `{other}`"),
    }
}
