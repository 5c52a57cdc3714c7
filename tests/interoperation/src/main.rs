//! The Rust side: what it does in each step with the tables and items of one other library. See `run`.

mod dynamoose;
mod original;
mod side;

use std::env;

use side::Side;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [peer, step] = arguments.as_slice() else { panic!("a library and a step are named: {arguments:?}") };
    let side = Side::from_environment();
    match peer.as_str() {
        "dynamoose" => side.run::<dynamoose::Dynamoose>(step).await,
        "dynamorm" => side.run::<original::Original>(step).await,
        other => panic!("nothing is known of `{other}`"),
    }
}
