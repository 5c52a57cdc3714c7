//! Models of several tenants whose keys differ only behind the tenant.

use dynamorm::Client;

use crate::database;
use crate::models::{MembersItem, MembersItems, Role, User, tables};

fn user(tenant: &str, name: &str) -> User {
    User { tenant: tenant.to_owned(), name: name.to_owned() }
}

fn role(tenant: &str, name: &str) -> Role {
    Role { tenant: tenant.to_owned(), name: name.to_owned() }
}

async fn two_tenants() -> Client {
    let db = database(&tables::MEMBERS).await;
    for tenant in ["acme", "acme2"] {
        for name in ["ada", "#ROLE#ada"] {
            user(tenant, name).put().send(&db).await.unwrap();
            role(tenant, name).put().send(&db).await.unwrap();
        }
    }
    db
}

#[tokio::test]
async fn a_scan_of_one_model_of_a_tenant_leaves_out_the_others() {
    let db = two_tenants().await;
    let mut users = User::scan("acme").items(&db).all().await.unwrap();
    users.sort_by(|left, right| left.name.cmp(&right.name));
    assert_eq!(users, [user("acme", "#ROLE#ada"), user("acme", "ada")]);
    assert_eq!(Role::scan("acme").count(&db).await.unwrap(), 2);
    assert_eq!(Role::scan_named("acme2").count(&db).await.unwrap(), 2);
    assert!(User::scan("ac#me").count(&db).await.unwrap_err().is_validation());
}

#[tokio::test]
async fn a_query_of_a_shared_index_leaves_out_the_other_models_of_the_tenant() {
    let db = two_tenants().await;
    assert_eq!(User::named("acme", "ada").items(&db).all().await.unwrap(), [user("acme", "ada")]);
    assert_eq!(Role::named("acme", "ada").items(&db).all().await.unwrap(), [role("acme", "ada")]);
}

#[tokio::test]
async fn a_scan_of_the_whole_table_tells_the_models_of_every_tenant_apart() {
    let db = two_tenants().await;
    let all: MembersItems = MembersItem::scan().items(&db).gather().await.unwrap();
    assert_eq!((all.users.len(), all.roles.len()), (4, 4));
    assert!(all.users.contains(&user("acme2", "#ROLE#ada")));
}
