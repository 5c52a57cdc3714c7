//! The program that `dynamorm init --migration` writes, as it is written for `models/sweeps.toml`: it compiles, and does what it says.
//! `tests/cli.rs` compares `sweep.rs` with what the command writes.

/// What a user's program has of the package of this name.
mod aws_config {
    pub use aws_sdk_dynamodb::config::BehaviorVersion;
    use aws_types::SdkConfig;

    pub async fn load_defaults(version: BehaviorVersion) -> SdkConfig {
        SdkConfig::builder().behavior_version(version).build()
    }
}

include!("sweep.rs");

use end_to_end::samples::database;

fn said(words: &[&str]) -> Result<(Command, Sweep), String> {
    arguments(words.iter().map(|word| (*word).to_owned()))
}

#[test]
fn every_table_and_model_can_be_named() {
    for name in ["HandlesItem", "StockItem", "Box", "Company", "Member", "Order", "Pallet", "Person"] {
        assert!(said(&["plan", name]).is_ok(), "{name}");
        assert!(USAGE.contains(name), "{name}");
    }
}

#[test]
fn what_is_wrong_on_its_command_line_is_said() {
    for (words, expected) in [
        (&[][..], "nothing is no command"),
        (&["sweep"][..], "sweep is no command"),
        (&["run", "Nobody"][..], "there is nothing called `Nobody` to sweep"),
        (&["run", "Order", "--segments"][..], "`--segments` needs a value"),
        (&["run", "Order", "--segments", "-1"][..], "`-1` is no number that fits here"),
        (&["run", "Order", "--fast"][..], "`--fast` is no option"),
        (&["run", "Order", "--receipt", "file"][..], "`--receipt` is what a plan writes"),
    ] {
        assert_eq!(said(words).err().as_deref(), Some(expected));
    }
}

#[tokio::test]
async fn it_plans_runs_and_says_how_far_it_has_come() {
    let db = database(models::TABLES).await;
    let order = "id customer amount placed_at reference";
    let mut item = dynamorm::Item::new();
    for name in order.split(' ') {
        let value = match name {
            "amount" => dynamorm::AttributeValue::N("1".to_owned()),
            "placed_at" => dynamorm::AttributeValue::S("2024-03-01T12:00:00.000000Z".to_owned()),
            name => dynamorm::AttributeValue::S(name.to_owned()),
        };
        item.insert(name.to_owned(), value);
    }
    item.insert(
        "changed_at".to_owned(),
        dynamorm::AttributeValue::S("2024-03-01T12:00:00.000000Z".to_owned()),
    );
    db.sdk().put_item().table_name("orders").set_item(Some(item)).send().await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sweep.json").display().to_string();
    let rates = ["--read-units", "1000", "--write-units", "1000", "--segments", "2", "--checkpoints", &file];
    for (command, changed) in [("status", false), ("plan", false), ("run", true), ("status", true)] {
        let (command, sweep) = said(&[&[command, "Order"], &rates[..]].concat()).unwrap();
        assert!(carry_out(command, sweep, &db).await.unwrap());
        let page = models::Order::of_customer("customer").send(&db).await.unwrap();
        assert_eq!(page.items().len(), usize::from(changed));
    }
    let receipt = folder.path().join("receipt.json");
    let name = receipt.display().to_string();
    let (command, sweep) = said(&["plan", "Order", "--receipt", &name]).unwrap();
    assert!(carry_out(command, sweep, &db).await.unwrap());
    assert!(std::fs::read_to_string(receipt).unwrap().contains("\"live_table\": \"orders\""));
    let (command, sweep) =
        said(&["run", "Order", "--remove-former", "customer", "--checkpoints", &file]).unwrap();
    let error = carry_out(command, sweep, &db).await.unwrap_err();
    assert!(error.to_string().contains("no lock says that it was once"), "{error}");
    let (command, sweep) = said(&["run", "Order", "--segments", "0", "--checkpoints", &file]).unwrap();
    assert!(carry_out(command, sweep, &db).await.is_err());
}

/// What the program does by itself needs a user's surroundings.
#[tokio::test]
async fn its_client_is_made_of_the_users_configuration() {
    assert_eq!(client().await.sdk().config().region(), None);
}
