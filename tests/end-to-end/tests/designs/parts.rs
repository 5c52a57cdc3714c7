//! Parts of a partition: from the items of one model up to those of another, and what begins alike.

use dynamorm::{Client, Cursor};

use crate::database;
use crate::models::{
    Buyer, Invoice, InvoiceLine, Invoices, InvoicesItem, Issue, Membership, Project, ProjectWithMembers,
    ProjectWithMembersItem, ProjectWithTickets, ProjectWithTicketsItem, Repo, RepoWithIssues, RepoWithStars,
    Star, Ticket, tables,
};

fn ticket(project: &str, number: u32, is_open: bool) -> Ticket {
    Ticket { project: project.to_owned(), number, is_open }
}

fn project(name: &str) -> Project {
    Project { project: name.to_owned(), stars: 3 }
}

fn member(project: &str, user: &str) -> Membership {
    Membership { project: project.to_owned(), user: user.to_owned() }
}

/// Two projects, each with three tickets and two members.
async fn projects() -> (Client, dynamorm::testing::RequestLog) {
    let (db, log) = database(&tables::WORK).await;
    for name in ["dynamo", "rust"] {
        project(name).put().send(&db).await.unwrap();
        for number in 1..=3 {
            ticket(name, number, number != 2).put().send(&db).await.unwrap();
        }
        for user in ["ada", "bob"] {
            member(name, user).put().send(&db).await.unwrap();
        }
    }
    log.clear();
    (db, log)
}

#[tokio::test]
async fn a_project_with_its_newest_tickets_is_one_request_that_reads_no_member() {
    let (db, log) = projects().await;
    let page = ProjectWithTickets::query("dynamo").descending().limit(3).send(&db).await.unwrap();
    assert_eq!(page.scanned(), 3);
    let found: ProjectWithTickets = page.into_items().unwrap().into_iter().collect();
    assert_eq!(found.projects, [project("dynamo")]);
    assert_eq!(found.tickets, [ticket("dynamo", 3, true), ticket("dynamo", 2, false)]);
    log.assert_operations(&["Query"]);

    let all = ProjectWithTickets::query("dynamo").send(&db).await.unwrap();
    assert_eq!(all.scanned(), 4);
    assert_eq!(all.into_items().unwrap().last(), Some(&project("dynamo").into()));
}

#[tokio::test]
async fn a_project_with_its_members_is_one_request_that_reads_no_ticket() {
    let (db, log) = projects().await;
    let page = ProjectWithMembers::query("dynamo").send(&db).await.unwrap();
    assert_eq!(page.scanned(), 3);
    let items: Vec<ProjectWithMembersItem> = page.into_items().unwrap();
    let expected = [project("dynamo").into(), member("dynamo", "ada").into(), member("dynamo", "bob").into()];
    assert_eq!(items, expected);
    log.assert_operations(&["Query"]);
}

#[tokio::test]
async fn a_part_is_counted_and_gone_on_with_like_every_query() {
    let (db, _) = projects().await;
    assert_eq!(ProjectWithTickets::query("dynamo").count(&db).await.unwrap(), 4);
    assert_eq!(ProjectWithMembers::query("dynamo").count(&db).await.unwrap(), 3);
    let mut cursor: Option<Cursor> = None;
    let mut found: Vec<ProjectWithTicketsItem> = Vec::new();
    loop {
        let query = ProjectWithTickets::query("dynamo").descending().limit(1);
        let query = match cursor {
            Some(cursor) => query.start_at(cursor),
            None => query,
        };
        let (items, next) = query.send(&db).await.unwrap().into_parts();
        found.extend(items.into_iter().map(Result::unwrap));
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(found.len(), 4);
    assert_eq!(found[0], project("dynamo").into());
    assert_eq!(found[3], ticket("dynamo", 1, true).into());

    // A cursor of one part is none of another.
    let of_tickets = ProjectWithTickets::query("dynamo").limit(1).send(&db).await.unwrap();
    let cursor = of_tickets.cursor().unwrap().clone();
    let error = ProjectWithMembers::query("dynamo").start_at(cursor).send(&db).await.unwrap_err();
    assert!(error.is_invalid_cursor(), "{error}");
}

#[tokio::test]
async fn a_collection_is_filtered_by_the_handles_of_its_models() {
    let (db, _) = projects().await;
    let open = ProjectWithTickets::query("dynamo").filter(Ticket::IS_OPEN.eq(true));
    let found: ProjectWithTickets = open.items(&db).gather().await.unwrap();
    assert_eq!(found.tickets, [ticket("dynamo", 1, true), ticket("dynamo", 3, true)]);
    assert_eq!(found.projects, []);

    let open = Ticket::IS_OPEN.eq(true).among::<ProjectWithTicketsItem>();
    let or_project = open | Project::STARS.exists().among();
    let found: ProjectWithTickets =
        ProjectWithTickets::query("dynamo").filter(or_project).items(&db).gather().await.unwrap();
    assert_eq!((found.tickets.len(), found.projects.len()), (2, 1));
}

fn repo(owner: &str, name: &str) -> Repo {
    Repo { owner: owner.to_owned(), name: name.to_owned(), stars: 0 }
}

#[tokio::test]
async fn a_part_may_end_with_a_key_that_the_partition_tells() {
    let (db, log) = database(&tables::HUB).await;
    for name in ["a", "b"] {
        repo("ada", name).put().send(&db).await.unwrap();
        let (owner, name) = ("ada".to_owned(), name.to_owned());
        let issue = Issue { owner: owner.clone(), name: name.clone(), number: 7, title: "Lost".to_owned() };
        issue.put().send(&db).await.unwrap();
        for user in ["bob", "zoe"] {
            let star = Star { owner: owner.clone(), name: name.clone(), user: user.to_owned() };
            star.put().send(&db).await.unwrap();
        }
    }
    log.clear();
    let issues = RepoWithIssues::query("ada", "a").descending().send(&db).await.unwrap();
    assert_eq!(issues.scanned(), 2);
    let issues: RepoWithIssues = issues.into_items().unwrap().into_iter().collect();
    assert_eq!((issues.repos, issues.issues[0].number), (vec![repo("ada", "a")], 7));
    let stars = RepoWithStars::query("ada", "a").send(&db).await.unwrap();
    assert_eq!(stars.scanned(), 3);
    let stars: RepoWithStars = stars.into_items().unwrap().into_iter().collect();
    assert_eq!((stars.repos, stars.stars.len()), (vec![repo("ada", "a")], 2));
    log.assert_operations(&["Query", "Query"]);
}

pub fn invoice(customer: &str, number: u32) -> Invoice {
    Invoice { customer: customer.to_owned(), number, total: 10.into() }
}

pub fn line(customer: &str, number: u32, line: u8) -> InvoiceLine {
    InvoiceLine { customer: customer.to_owned(), number, line, product: "lamp".to_owned() }
}

/// Three invoices of one customer with two lines each, and one of another.
pub async fn sales() -> (Client, dynamorm::testing::RequestLog) {
    let (db, log) = database(&tables::SALES).await;
    Buyer { customer: "ada".to_owned(), name: "Ada".to_owned() }.put().send(&db).await.unwrap();
    for (customer, number) in [("ada", 7), ("ada", 70), ("ada", 700), ("bob", 7)] {
        invoice(customer, number).put().send(&db).await.unwrap();
        for number_of_line in [1, 2] {
            line(customer, number, number_of_line).put().send(&db).await.unwrap();
        }
    }
    log.clear();
    (db, log)
}

#[tokio::test]
async fn one_invoice_with_its_lines_is_one_request_that_reads_no_other() {
    let (db, log) = sales().await;
    let page = Invoices::query("ada").number().eq(7).send(&db).await.unwrap();
    assert_eq!(page.scanned(), 3);
    let items: Vec<InvoicesItem> = page.into_items().unwrap();
    assert_eq!(items, [invoice("ada", 7).into(), line("ada", 7, 1).into(), line("ada", 7, 2).into()]);
    log.assert_operations(&["Query"]);

    let some: Invoices = Invoices::query("ada").number().gt(7).items(&db).gather().await.unwrap();
    assert_eq!(some.invoices, [invoice("ada", 70), invoice("ada", 700)]);
    assert_eq!(some.invoice_lines.len(), 4);
    assert_eq!(Invoices::query("ada").number().between(7, 70).count(&db).await.unwrap(), 6);

    // All of them, and not the customer, who stands beside them.
    let all = Invoices::query("ada").send(&db).await.unwrap();
    assert_eq!((all.scanned(), all.items().len()), (9, 9));
}
