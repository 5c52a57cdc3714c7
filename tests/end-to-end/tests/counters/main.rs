//! Counters: items of one model that count the items of another.

mod contention;
mod counts;
mod owners;
mod recounts;
mod sums;
mod transactions;

use dynamorm::{Client, Operations, Result};
use end_to_end::counters::{self as models, tables};
use end_to_end::samples::database;
use models::{Membership, Project};

async fn projects() -> Client {
    database(&[&tables::PROJECTS, &tables::WORK]).await
}

/// A database with one project.
async fn with_project(id: &str) -> Client {
    let db = projects().await;
    project(id).put().send(&db).await.unwrap();
    db
}

fn project(id: &str) -> Project {
    Project::builder().id(id).title("A project").build().unwrap()
}

fn member(project: &str, user: &str) -> Membership {
    Membership { project: project.to_owned(), user: user.to_owned(), role: "reader".to_owned() }
}

async fn join(db: &Client, project: &str, user: &str) -> Result<()> {
    member(project, user).put().send(db).await
}

async fn leave(db: &Client, project: &str, user: &str) -> Result<()> {
    Membership::delete((project, user)).send(db).await
}

async fn read(db: &Client, id: &str) -> Project {
    Project::get(id).consistent().send(db).await.unwrap().unwrap()
}

async fn members(db: &Client, id: &str) -> i64 {
    read(db, id).await.members
}

/// How many memberships there are, counted one by one.
async fn memberships(db: &Client, project: &str) -> u64 {
    Membership::query(project).count(db).await.unwrap()
}
