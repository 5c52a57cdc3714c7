//! Relations between models.

mod composed;
mod many_to_many;
mod partners;
mod to_many;

use dynamorm::Client;
use end_to_end::relations as models;
use end_to_end::samples::database;
use models::{Reply, Thread, User};

/// A database with every table of the declarations.
async fn forum() -> Client {
    database(models::TABLES).await
}

fn user(name: &str) -> User {
    User::builder().name(name).email(format!("{name}@example.com")).build().unwrap()
}

fn thread(forum: &str, subject: &str) -> Thread {
    Thread::builder().forum_name(forum).subject(subject).build().unwrap()
}

fn reply(thread: &Thread, number: u32) -> Reply {
    let reply = Reply::builder().set_thread(thread).unwrap();
    reply.number(number).message("Yes").likes(number).build().unwrap()
}
