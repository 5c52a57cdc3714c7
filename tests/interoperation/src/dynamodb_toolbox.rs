//! The items of DynamoDB-Toolbox.

use dynamorm::table::Table;
use dynamorm::{Operations, Timestamp};
use serde_json::json;

use crate::side::{Peer, Side, instant, refused, texts};

mod models {
    dynamorm::include_models!("dynamodb_toolbox");
}

use models::{Home, Level, Pokemon, PokemonKey, Prize, TABLES, Trainer};

pub enum Toolbox {}

impl Peer for Toolbox {
    fn tables() -> &'static [&'static Table] {
        TABLES
    }

    async fn write(side: &mut Side) {
        let db = side.db.clone();
        side.written(ash().put().if_not_exists().send(&db).await, 1);
        side.written(misty().put().send(&db).await, 1);
        side.written(dynamorm::batch_write().put_all(&caught()).send(&db).await, 2);
    }

    async fn use_items(side: &mut Side) {
        let db = side.db.clone();
        for expected in [ash(), misty()] {
            read_trainer(side, expected).await;
        }
        for expected in caught() {
            read_pokemon(side, expected).await;
        }
        refused(ash().put().if_not_exists().send(&db).await);

        let change = || {
            Trainer::update("Ash")
                .add(Trainer::BADGES, 2)
                .append(Trainer::VISITS, ["Ulm".to_owned()])
                .set(Trainer::HOME.field(Home::PLACE), "Viridian")
        };
        refused(change().when(Trainer::BADGES.eq(4)).send(&db).await);
        side.updated(change().when(Trainer::BADGES.eq(3)).send(&db).await);
        let team = Trainer::update("Ash").set(Trainer::TEAM, "Blue").set(Trainer::LEVEL, Level::Novice);
        side.updated(team.send(&db).await);
        let [pikachu, other] = caught();
        side.updated(Pokemon::update(&pikachu).set(Pokemon::HEALED_AT, healed_later()).send(&db).await);

        side.found(
            Trainer::of_team("Blue").items(&db).all().await,
            |found| found.name.clone(),
            ["Ash".to_owned()],
        );
        let novices = Trainer::of_team("Red").level().eq(Level::Novice).items(&db).all().await;
        side.found(novices, |found| found.name.clone(), ["Misty".to_owned()]);
        side.found(Pokemon::of_species("Pikachu").items(&db).all().await, |found| found.number, [7, 25]);
        let since = Pokemon::of_species("Pikachu").caught_at().gt(other.caught_at).items(&db).all().await;
        side.found(since, |found| found.number, [25]);
        assert_eq!(Trainer::scan().count(&db).await.expect("they are counted"), 2);

        side.deleted(Trainer::delete("Misty").send(&db).await);
        side.deleted(Pokemon::delete(&other).send(&db).await);
    }

    async fn verify(side: &mut Side) {
        let db = side.db.clone();
        side.is_gone(Trainer::get("Misty").consistent().send(&db).await);
        side.is_gone(Pokemon::get(PokemonKey::new("Misty", 7_u32)).consistent().send(&db).await);
        let changed = Trainer {
            badges: 5,
            team: "Blue".to_owned(),
            level: Level::Novice,
            visits: texts(["Kiel", "", "Ulm"]),
            home: Some(Home { place: "Viridian".to_owned(), zip: Some(7) }),
            ..ash()
        };
        let found = read_trainer(side, changed).await;
        assert!(found.modified > found.created, "{found:?}");
        let [pikachu, _] = caught();
        read_pokemon(side, Pokemon { healed_at: healed_later(), ..pikachu.clone() }).await;
        Trainer::delete("Ash").send(&db).await.expect("it is deleted");
        Pokemon::delete(&pikachu).send(&db).await.expect("it is deleted");
    }
}

/// Reads a trainer, whose moments are those of the writer's clock.
async fn read_trainer(side: &mut Side, expected: Trainer) -> Trainer {
    let found = Trainer::get(&expected).consistent().send(&side.db).await;
    side.read_as(found, |found| Trainer { created: found.created, modified: found.modified, ..expected })
}

async fn read_pokemon(side: &mut Side, expected: Pokemon) {
    let found = Pokemon::get(&expected).consistent().send(&side.db).await;
    side.read_as(found, |found| Pokemon { created: found.created, modified: found.modified, ..expected });
}

fn moment() -> Timestamp {
    instant("2024-05-06T07:08:10Z")
}

fn ash() -> Trainer {
    Trainer {
        name: "Ash".to_owned(),
        team: "Red".to_owned(),
        badges: 3,
        active: true,
        level: Level::Master,
        secret: Some(vec![0, 255]),
        tags: texts(["x", "y"]),
        ranks: [-1, 10].into(),
        visits: texts(["Kiel", ""]),
        home: Some(Home { place: "Pallet".to_owned(), zip: Some(7) }),
        scores: [("a.b".to_owned(), 1.0), ("c d".to_owned(), -2.5)].into(),
        prize: Some(Prize::Cup { title: "Indigo".to_owned() }),
        extra: Some(json!({ "list": [1, "two", null, true], "map": { "k": 1.5 } })),
        created: moment(),
        modified: moment(),
    }
}

fn misty() -> Trainer {
    Trainer {
        name: "Misty".to_owned(),
        badges: 0,
        active: false,
        level: Level::Novice,
        secret: None,
        tags: [].into(),
        ranks: [].into(),
        visits: Vec::new(),
        home: None,
        scores: [].into(),
        prize: None,
        extra: None,
        ..ash()
    }
}

fn caught() -> [Pokemon; 2] {
    [
        ("Ash", 25, "2024-05-06T07:08:09.123Z", Some("2024-05-06T07:08:09.123Z")),
        ("Misty", 7, "2024-05-06T07:08:09.000Z", None),
    ]
    .map(|(trainer, number, caught_at, healed_at)| Pokemon {
        trainer: trainer.to_owned(),
        number,
        species: "Pikachu".to_owned(),
        caught_at: instant(caught_at),
        healed_at: healed_at.map(instant),
        created: moment(),
        modified: moment(),
    })
}

fn healed_later() -> Option<Timestamp> {
    Some(instant("2024-05-06T07:08:09.124Z"))
}
