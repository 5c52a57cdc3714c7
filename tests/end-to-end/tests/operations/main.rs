//! Every operation against an engine. All of it is one program, so that it is linked once and shares one DynamoDB Local.

mod batch;
mod conditions;
mod deadline;
mod delete;
mod embedded;
mod errors;
mod get;
mod index;
mod limits;
mod lost_response;
mod pages;
mod pitfalls;
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
