// Sweeps: brings stored items into the form in which writes of today would store them. Index keys that are missing or stale
// are composed anew, defaults and names are stored as they are declared now, and untyped items get their type.
//
//     cargo run --bin sweep -- plan HandlesItem                     # what a run would do; writes nothing
//     cargo run --bin sweep -- run HandlesItem --write-units 50     # Ctrl-C stops it, and the same command goes on
//     cargo run --bin sweep -- status HandlesItem                   # how far the last run has come
//
// It is yours from here on: `dynamorm init --migration` wrote it once.

use std::error::Error;
use std::process::ExitCode;

use dynamorm::sweep::{RunningSweep, Sweep, SweepFile};
#[allow(unused_imports, reason = "tables of several models have a `sweep` of their own")]
use dynamorm::{Client, Operations as _};

mod models {
    dynamorm::include_models!("sweeps");
}

/// What can be swept, by its name on the command line.
fn sweep_of(name: &str) -> Option<Sweep> {
    Some(match name {
        "HandlesItem" => models::HandlesItem::sweep(),
        "StockItem" => models::StockItem::sweep(),
        "Box" => models::Box::sweep(),
        "Company" => models::Company::sweep(),
        "Member" => models::Member::sweep(),
        "Order" => models::Order::sweep(),
        "Pallet" => models::Pallet::sweep(),
        "Person" => models::Person::sweep(),
        _ => return None,
    })
}

/// The client of the tables: prefixes of their names, endpoints and scopes are given here.
async fn client() -> Client {
    let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    Client::new(aws_sdk_dynamodb::Client::new(&config))
}

const USAGE: &str = "\
usage: sweep plan|run|status NAME [OPTIONS]

NAME is one of: HandlesItem, StockItem, Box, Company, Member, Order, Pallet, Person

  --read-units N       read capacity units per second at the most; without it, what DynamoDB allows
  --write-units N      write capacity units per second at the most; without it, what DynamoDB allows
  --segments N         how many parts of the table are read at a time (4)
  --checkpoints FILE   where it keeps how far it has come (sweep.json)
  --add-guards         add the guards of unique values that have none
  --remove-former NAME remove an attribute that was once the model's, as models.lock knows it; can be repeated
  --stamp-untyped      take items for the model's that do not say of which model they are
  --afresh             begin anew, also where a run was stopped before its end
  --receipt FILE       plan: read consistently, and write what `dynamorm lock --retire` demands";

enum Command {
    Plan { receipt: Option<String> },
    Run,
    Status,
}

/// What the words of the command line say.
fn arguments(words: impl IntoIterator<Item = String>) -> Result<(Command, Sweep), String> {
    let mut words = words.into_iter();
    let mut command = match words.next().as_deref() {
        Some("plan") => Command::Plan { receipt: None },
        Some("run") => Command::Run,
        Some("status") => Command::Status,
        other => return Err(format!("{} is no command", other.unwrap_or("nothing"))),
    };
    let name = words.next().unwrap_or_default();
    let mut sweep = sweep_of(&name).ok_or_else(|| format!("there is nothing called `{name}` to sweep"))?;
    let mut checkpoints = String::from("sweep.json");
    while let Some(option) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{option}` needs a value"));
        sweep = match option.as_str() {
            "--read-units" => sweep.read_units(number(&value()?)?),
            "--write-units" => sweep.write_units(number(&value()?)?),
            "--segments" => sweep.segments(number(&value()?)?),
            "--checkpoints" => {
                checkpoints = value()?;
                sweep
            }
            "--add-guards" => sweep.add_guards(),
            // A name lives as long as the program.
            "--remove-former" => sweep.remove_former(value()?.leak()),
            "--stamp-untyped" => sweep.stamp_untyped(),
            "--afresh" => sweep.afresh(),
            "--receipt" => match &mut command {
                Command::Plan { receipt } => {
                    *receipt = Some(value()?);
                    sweep.consistent()
                }
                _ => return Err("`--receipt` is what a plan writes".to_owned()),
            },
            _ => return Err(format!("`{option}` is no option")),
        };
    }
    Ok((command, sweep.checkpoints(SweepFile::new(checkpoints))))
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is no number that fits here"))
}

/// Does it, and says whether everything is as it should be.
async fn carry_out(command: Command, sweep: Sweep, db: &Client) -> Result<bool, Box<dyn Error>> {
    match command {
        Command::Plan { receipt } => {
            let plan = sweep.plan().send(db).await?;
            println!("{plan}");
            if let (Some(file), Some(receipt)) = (receipt, plan.receipt()) {
                std::fs::write(file, receipt)?;
            }
            Ok(true)
        }
        Command::Status => {
            match sweep.status(db).await? {
                Some(status) => println!("{status}"),
                None => println!("it has not run yet"),
            }
            Ok(true)
        }
        Command::Run => {
            let run = sweep.run(db);
            stop_at_ctrl_c(&run);
            let report = run.with_bar().await?;
            println!("{report}");
            Ok(report.is_clean())
        }
    }
}

/// Lets Ctrl-C end the sweep behind what is under way. A second one ends the program at once, which loses nothing either.
fn stop_at_ctrl_c(run: &RunningSweep) {
    let stop = run.stop_handle();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            eprintln!("stopping: run it again to go on");
            stop.stop();
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
}

#[tokio::main]
async fn main() -> ExitCode {
    let (command, sweep) = match arguments(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            eprintln!("error: {message}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match carry_out(command, sweep, &client().await).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
