//! Tables that others made or own: what is not declared is left alone, and what is declared is checked.

mod absent;
mod checks;
mod elsewhere;
mod imported;
mod indexes;
mod settings;
mod untouched;

use dynamorm::table::{
    Billing, Index, IndexScope, KeyAttribute, Projection, Scalar, Setting, StreamView, Table, Throughput,
};

/// What services declare of these tables.
mod models {
    dynamorm::include_models!("tables_of_others");
}

const ID: KeyAttribute = KeyAttribute { name: "id", scalar: Scalar::Text };
const DAY: KeyAttribute = KeyAttribute { name: "day", scalar: Scalar::Text };

/// The table of the sessions, as a template made it for several services.
static MADE_BY_A_TEMPLATE: Table = Table {
    billing: Some(Billing::Provisioned(Throughput { read: 5, write: 4 })),
    ttl: Setting::On("expires"),
    stream: Setting::On(StreamView::NewAndOldImages),
    indexes: &[&BY_DAY],
    ..Table::new("sessions", ID)
};
static BY_DAY: Index =
    Index { throughput: Some(Throughput { read: 2, write: 1 }), ..Index::global("by-day", &[DAY], &[]) };

/// As much as a service relies on that looks sessions up.
static SESSIONS: Table = Table::new("sessions", ID);

/// A table with a sort key, of which nothing else is declared.
const fn songs(indexes: &'static [&'static Index]) -> Table {
    Table {
        sort_key: Some(KeyAttribute { name: "album", scalar: Scalar::Text }),
        indexes,
        ..Table::new("songs", KeyAttribute { name: "artist", scalar: Scalar::Text })
    }
}

const fn local(name: &'static str, projection: Projection) -> Index {
    Index {
        scope: IndexScope::Local,
        projection,
        ..Index::global(
            name,
            &[KeyAttribute { name: "artist", scalar: Scalar::Text }],
            &[KeyAttribute { name: "year", scalar: Scalar::Number }],
        )
    }
}
