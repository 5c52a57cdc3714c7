//! Creating tables, describing them, changing them into what is declared, and checking that they are.

mod check;
mod compare;
mod difference;
mod lifecycle;
mod live;
mod plan;
mod recovery;
mod request;
mod step;
mod time_to_live;
mod update;
mod words;

pub use difference::{DifferenceKind, TableDifference, TablePart, TableReport};
pub use plan::TablePlan;
pub use step::TableStep;
pub use update::{PlanTable, UpdateTable};
