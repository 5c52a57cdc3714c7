//! What the Rust side does with every library: it runs the steps, compares, and counts what it did.

use std::env;
use std::fmt::Debug;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dynamorm::table::{Table, TablePlan};
use dynamorm::{Client, Result, Timestamp};
use serde_json::json;

/// Another library, whose tables and items the models share.
pub trait Peer {
    /// The tables as the models declare them.
    fn tables() -> &'static [&'static Table];

    /// Writes items that the other side uses.
    async fn write(side: &mut Side);

    /// Reads the other side's items, finds them through indexes, updates some and deletes others.
    async fn use_items(side: &mut Side);

    /// Finds what the other side has left of the items that `write` wrote, and removes it.
    async fn verify(side: &mut Side);
}

pub struct Side {
    pub db: Client,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    written: usize,
    read: usize,
    updated: usize,
    found: usize,
    deleted: usize,
}

impl Side {
    pub fn from_environment() -> Self {
        let variable = |name| env::var(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (key, secret) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"));
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(variable("AWS_DEFAULT_REGION")))
            .endpoint_url(variable("AWS_ENDPOINT_URL"))
            .credentials_provider(Credentials::new(key, secret, None, None, "interoperation"))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Side { db: Client::new(aws_sdk_dynamodb::Client::from_conf(config)), counts: Counts::default() }
    }

    /// Does one step, and prints what was counted as one line of JSON.
    pub async fn run<P: Peer>(mut self, step: &str) {
        match step {
            "create" => self.db.create_tables(P::tables()).await.expect("the tables are created"),
            "accept" => self.accept(P::tables()).await,
            "remove" => self.remove(P::tables()).await,
            "write" => P::write(&mut self).await,
            "use" => P::use_items(&mut self).await,
            "verify" => P::verify(&mut self).await,
            other => panic!("there is no step `{other}`"),
        }
        let Counts { written, read, updated, found, deleted } = self.counts;
        let counts = json!({ "written": written, "read": read, "updated": updated, "found": found, "deleted": deleted });
        println!("{counts}");
    }

    async fn accept(&self, tables: &[&'static Table]) {
        for table in tables {
            let update = self.db.update_table(table).await.expect("the table can become what is declared");
            assert_eq!(update, TablePlan::default(), "{}", table.name);
        }
        let report = self.db.check_tables(tables).await.expect("the tables can be described");
        assert_eq!((report.differences().count(), report.extras().count()), (0, 0), "{report}");
    }

    async fn remove(&self, tables: &[&'static Table]) {
        for table in tables {
            self.db.delete_table(table).await.expect("the table is deleted");
        }
    }

    /// A write of so many items has succeeded.
    #[track_caller]
    pub fn written<T>(&mut self, outcome: Result<T>, items: usize) {
        outcome.expect("it is written");
        self.counts.written += items;
    }

    /// An item that was read is what the other side wrote.
    #[track_caller]
    pub fn read<T: Debug + PartialEq>(&mut self, found: Result<Option<T>>, expected: &T) {
        assert_eq!(found.expect("it can be read").as_ref(), Some(expected));
        self.counts.read += 1;
    }

    /// As `read`, where something in the item is the writer's to say, such as the moment of its last write.
    #[track_caller]
    pub fn read_as<T: Debug + PartialEq>(
        &mut self,
        found: Result<Option<T>>,
        expected: impl FnOnce(&T) -> T,
    ) -> T {
        let found = found.expect("it can be read").expect("it is there");
        let expected = expected(&found);
        assert_eq!(found, expected);
        self.counts.read += 1;
        found
    }

    /// Nothing is left of an item.
    #[track_caller]
    pub fn is_gone<T: Debug + PartialEq>(&mut self, found: Result<Option<T>>) {
        assert_eq!(found.expect("it can be read"), None);
    }

    /// The items that a query of an index found, in their order, by what `of` takes from each.
    #[track_caller]
    pub fn found<T, V: Debug + PartialEq<E>, E: Debug, const N: usize>(
        &mut self,
        found: Result<Vec<T>>,
        of: impl Fn(&T) -> V,
        expected: [E; N],
    ) {
        let found = found.expect("they can be read");
        assert_eq!(found.iter().map(of).collect::<Vec<_>>(), expected);
        self.counts.found += N;
    }

    #[track_caller]
    pub fn updated<T>(&mut self, outcome: Result<T>) -> T {
        self.counts.updated += 1;
        outcome.expect("its conditions hold")
    }

    #[track_caller]
    pub fn deleted<T>(&mut self, outcome: Result<T>) {
        outcome.expect("it is deleted");
        self.counts.deleted += 1;
    }
}

/// A write was refused, since its condition did not hold.
#[track_caller]
pub fn refused<T: Debug>(outcome: Result<T>) {
    let error = outcome.expect_err("its condition does not hold");
    assert!(
        error.is_condition_failed() || error.is_already_exists() || error.is_version_conflict(),
        "{error:?}"
    );
}

pub fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub fn texts<C: FromIterator<String>, const N: usize>(texts: [&str; N]) -> C {
    texts.into_iter().map(str::to_owned).collect()
}
