//! Every chapter of the end-to-end tests, in one program: they share what they link, and one DynamoDB Local.

mod batch;
mod conditions;
mod deadline;
mod delete;
mod embedded;
mod errors;
mod faults;
mod get;
mod index;
mod limits;
mod lost_response;
mod pages;
mod put;
mod query;
mod requests;
mod round_trip;
mod save;
mod scan;
mod sdk;
mod select;
mod stored_forms;
mod tables;
mod tracing;
mod transaction;
mod update;
mod update_table;
