//! The embedded engine over HTTP on this machine, with the declared tables: for programs in any language.

use super::arguments::Served;
use super::console::Console;
use super::{Failure, Outcome};
use crate::catalog::{
    Billing, Index, IndexScope, KeyAttribute, OnDemandMaximum, Projection, Scalar, StreamView, Table,
    TableClass, Throughput,
};
use crate::generator::Generator;
use dynoxide::Database;
use dynoxide::errors::DynoxideError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

/// The engine parses expressions recursively, and the usual stack is too small for the deepest that DynamoDB takes.
const STACK_BYTES: usize = 32 * 1024 * 1024;

/// How long a request that is under way may take once the server is to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until the process is told to stop.
pub(super) fn serve(served: &Served, console: &mut Console) -> Result<Outcome, Failure> {
    let mut tables = Vec::new();
    for file in &served.declarations {
        let (catalog, warnings) = Generator::new(file).catalog()?;
        console.warnings(&warnings)?;
        tables.extend(catalog.tables);
    }
    let database = open(served.file.as_deref())?;
    for table in &tables {
        provide(&database, table, console)?;
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build()?;
    let outcome = runtime.block_on(listen(served.port, database, console));
    // Stops waiting for requests that are still under way.
    runtime.shutdown_background();
    outcome
}

fn open(path: Option<&Path>) -> Result<Database, Failure> {
    let Some(path) = path else {
        return Database::memory().map_err(|error| Failure::Engine(format!("cannot start: {error}")));
    };
    let refused = |why: String| Failure::Engine(format!("cannot open {}: {why}", path.display()));
    let text = path.to_str().ok_or_else(|| refused("its name is not UTF-8".to_owned()))?;
    Database::new(text).map_err(|error| refused(error.to_string()))
}

/// Creates a table. An existing table stays, if it has the declared key.
fn provide(database: &Database, table: &Table, console: &mut Console) -> Result<(), Failure> {
    let refused = |why: String| Failure::Engine(format!("table `{}`: {why}", table.name));
    let named = json!({ "TableName": table.name });
    let found = call(named, |request| database.describe_table(request));
    if let Ok(found) = found {
        let key = |value: &Value| value.get("KeySchema").cloned().unwrap_or_default();
        if key(&found["Table"]) != key(&definition(table)) {
            return Err(refused("the database has one with another key: serve another database".to_owned()));
        }
        console.note(&format!("table `{}` is there already", table.name))?;
        return Ok(());
    }
    call(definition(table), |request| database.create_table(request)).map_err(refused)?;
    if let Some(attribute) = table.ttl.on() {
        let request = json!({
            "TableName": table.name,
            "TimeToLiveSpecification": { "AttributeName": attribute, "Enabled": true },
        });
        call(request, |request| database.update_time_to_live(request)).map_err(refused)?;
    }
    console.note(&format!("created table `{}`", table.name))?;
    Ok(())
}

/// Passes a request to the engine in the form in which programs send it.
fn call<Q: DeserializeOwned, A: Serialize>(
    request: Value,
    operation: impl FnOnce(Q) -> Result<A, DynoxideError>,
) -> Result<Value, String> {
    let request = serde_json::from_value(request).map_err(|error| error.to_string())?;
    let answer = operation(request).map_err(|error| error.to_string())?;
    serde_json::to_value(&answer).map_err(|error| error.to_string())
}

async fn listen(port: u16, database: Database, console: &mut Console) -> Result<Outcome, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| Failure::Engine(format!("cannot listen on port {port} of 127.0.0.1: {error}")))?;
    let address = listener.local_addr()?;
    // Installed before the address is printed, so a reader of the address can stop the server at once.
    let mut signals = signals()?;
    console.data(&format!("http://{address}\n"))?;
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = dynoxide::server::serve_with_shutdown(listener, database, async {
        // If the sender is gone, the server must stop, too.
        let _ = stopped.await;
    });
    let stopping = async {
        signals.recv().await;
        // If nobody listens, the server has already stopped.
        let _ = stop.send(());
        let _ = tokio::time::timeout(GRACE, signals.recv()).await;
    };
    tokio::select! {
        outcome = serving => outcome.map_err(Failure::Engine)?,
        () = stopping => {}
    }
    Ok(Outcome::Done)
}

/// Receives a message whenever Ctrl-C or another process tells this process to stop.
fn signals() -> io::Result<UnboundedReceiver<()>> {
    let (sender, receiver) = unbounded_channel();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
            let mut signal = signal(kind)?;
            let sender = sender.clone();
            tokio::spawn(async move { while signal.recv().await.is_some() && sender.send(()).is_ok() {} });
        }
    }
    #[cfg(not(unix))]
    tokio::spawn(interrupts(sender.clone()));
    drop::<UnboundedSender<()>>(sender);
    Ok(receiver)
}

#[cfg(not(unix))]
async fn interrupts(sender: UnboundedSender<()>) {
    while tokio::signal::ctrl_c().await.is_ok() && sender.send(()).is_ok() {}
}

/// The request that creates a table.
fn definition(table: &Table) -> Value {
    let sort_key = table.sort_key.as_slice();
    let mut request = json!({
        "TableName": table.name,
        "KeySchema": key_schema(std::slice::from_ref(&table.partition_key), sort_key),
        "AttributeDefinitions": attribute_definitions(table),
        "DeletionProtectionEnabled": table.deletion_protection.unwrap_or_default(),
        "TableClass": match table.class {
            None | Some(TableClass::Standard) => "STANDARD",
            Some(TableClass::StandardInfrequentAccess) => "STANDARD_INFREQUENT_ACCESS",
        },
    });
    match table.billing {
        None | Some(Billing::OnDemand) => {
            request["BillingMode"] = json!("PAY_PER_REQUEST");
            if let Some(maximum) = maximum(table.on_demand_maximum) {
                request["OnDemandThroughput"] = maximum;
            }
        }
        Some(Billing::Provisioned(capacity)) => {
            request["BillingMode"] = json!("PROVISIONED");
            request["ProvisionedThroughput"] = throughput(capacity);
        }
    }
    for (scope, name) in
        [(IndexScope::Global, "GlobalSecondaryIndexes"), (IndexScope::Local, "LocalSecondaryIndexes")]
    {
        let indexes: Vec<_> = table
            .indexes
            .iter()
            .filter(|index| index.scope == scope)
            .map(|index| self::index(table, index))
            .collect();
        if !indexes.is_empty() {
            request[name] = Value::Array(indexes);
        }
    }
    if let Some(view) = table.stream.on() {
        let view = match view {
            StreamView::KeysOnly => "KEYS_ONLY",
            StreamView::NewImage => "NEW_IMAGE",
            StreamView::OldImage => "OLD_IMAGE",
            StreamView::NewAndOldImages => "NEW_AND_OLD_IMAGES",
        };
        request["StreamSpecification"] = json!({ "StreamEnabled": true, "StreamViewType": view });
    }
    if !table.tags.is_empty() {
        let tags = table.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
        request["Tags"] = tags.collect();
    }
    request
}

fn index(table: &Table, index: &Index) -> Value {
    // A local index shares the table's partition key, which its declaration need not repeat.
    let partition_key = match index.scope {
        IndexScope::Global => index.partition_key.as_slice(),
        IndexScope::Local => std::slice::from_ref(&table.partition_key),
    };
    let mut definition = json!({
        "IndexName": index.name,
        "KeySchema": key_schema(partition_key, &index.sort_key),
        "Projection": match &index.projection {
            Projection::All => json!({ "ProjectionType": "ALL" }),
            Projection::KeysOnly => json!({ "ProjectionType": "KEYS_ONLY" }),
            Projection::Include(attributes) => {
                json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": attributes })
            }
        },
    });
    let of_table = match table.billing {
        Some(Billing::Provisioned(capacity)) if index.scope == IndexScope::Global => Some(capacity),
        _ => None,
    };
    if let Some(capacity) = index.throughput.or(of_table) {
        definition["ProvisionedThroughput"] = throughput(capacity);
    }
    definition
}

fn key_schema(partition_key: &[KeyAttribute], sort_key: &[KeyAttribute]) -> Value {
    let element =
        |attribute: &KeyAttribute, role| json!({ "AttributeName": attribute.name, "KeyType": role });
    let partition = partition_key.iter().map(|attribute| element(attribute, "HASH"));
    partition.chain(sort_key.iter().map(|attribute| element(attribute, "RANGE"))).collect()
}

/// Exactly the attributes that are part of some key, once each.
fn attribute_definitions(table: &Table) -> Value {
    let of_table = std::iter::once(&table.partition_key).chain(&table.sort_key);
    let of_indexes = table.indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
    let attributes: BTreeMap<_, _> =
        of_table.chain(of_indexes).map(|attribute| (&attribute.name, attribute.scalar)).collect();
    let definition = |(name, scalar): (&String, Scalar)| {
        let scalar = match scalar {
            Scalar::Text => "S",
            Scalar::Number => "N",
            Scalar::Binary => "B",
        };
        json!({ "AttributeName": name, "AttributeType": scalar })
    };
    attributes.into_iter().map(definition).collect()
}

fn throughput(capacity: Throughput) -> Value {
    json!({ "ReadCapacityUnits": capacity.read, "WriteCapacityUnits": capacity.write })
}

/// The maximum request units, if declared.
fn maximum(maximum: OnDemandMaximum) -> Option<Value> {
    let units = [("MaxReadRequestUnits", maximum.read), ("MaxWriteRequestUnits", maximum.write)];
    let units: serde_json::Map<String, Value> =
        units.iter().filter_map(|(name, units)| Some(((*name).to_owned(), json!(units.on()?)))).collect();
    (!units.is_empty()).then_some(Value::Object(units))
}
