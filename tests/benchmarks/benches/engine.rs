//! A GetItem on the embedded engine in this process, against the same engine behind its own HTTP server on the loopback
//! interface, called from here through the SDK's HTTP client with a connection that is kept.
//!
//! Requests over HTTP are signed, as clients of a server sign them; those that stay in the process are not, and have no need
//! to be. The ratio holds both: what HTTP costs, and what a signature does.

use std::error::Error;
use std::thread;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use benchmarks::book;
use benchmarks::interleaved::measure;
use benchmarks::models::{Book, TABLES};
use benchmarks::report::Report;
use dynamorm::{Client, Operations};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let embedded = Client::embedded()?;
    let served = Client::new(served()?);
    for db in [&embedded, &served] {
        runtime.block_on(async {
            db.create_tables(TABLES).await?;
            book().into_put().send(db).await
        })?;
    }
    let get = |db| {
        let found = runtime.block_on(Book::get("9780141439518").send(db));
        assert!(found.expect("the item is read").is_some());
    };
    let mut report = Report::default();
    let medians = measure(10, || get(&embedded), || get(&served));
    report.medians("GetItem on the embedded engine", "over loopback HTTP", medians, Some(0.4));
    print!("{report}");
    Ok(())
}

/// A client of the engine's HTTP server, which runs on a thread and a database of its own.
fn served() -> Result<aws_sdk_dynamodb::Client, Box<dyn Error>> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let database = dynoxide::Database::memory()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || {
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).expect("the listener does not block");
            dynoxide::server::serve_on(listener, database).await;
        });
    });
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "benchmarks"))
        .endpoint_url(endpoint)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Ok(aws_sdk_dynamodb::Client::from_conf(config))
}
