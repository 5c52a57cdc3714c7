use aws_sdk_dynamodb::types::AttributeValue as A;
use end_to_end::models::*;
use end_to_end::samples::*;
fn nest(n: usize, map: bool) -> A { let mut v = A::S("x".into()); for _ in 0..n { v = if map { A::M([("a".to_owned(), v)].into()) } else { A::L(vec![v]) }; } v }

#[tokio::test]
async fn explore() {
    let db = database(&[&tables::PARCELS, &tables::MARKS]).await;
    let p = parcel("Ulm", 1);
    for n in [30usize, 31, 32] {
        let mut v = A::L(vec![]); for _ in 1..n { v = A::L(vec![v]); }
        let r = db.sdk().put_item().table_name("parcels").set_item(Some(altered(&p, [("deep", v)]))).send().await;
        println!("empty inner nest {n}: {:?}", r.is_ok());
    }
    let msg = |r: Result<(), Option<String>>| r;
    for (t, base_item) in [("marks", dynamorm::Item::from([("name".to_owned(), A::S("n".into()))])), ("parcels", altered(&p, []))] {
        let base = dynamorm_size(&base_item);
        let (mut lo, mut hi) = (base + 1, 409_700usize);
        while lo < hi {
            let mid = (lo + hi + 1) / 2;
            let mut item = base_item.clone();
            item.insert("x".into(), A::S("y".repeat(mid - base - 1)));
            assert_eq!(dynamorm_size(&item), mid);
            if db.sdk().put_item().table_name(t).set_item(Some(item)).send().await.is_ok() { lo = mid } else { hi = mid - 1 }
        }
        println!("{t}: base {base} largest {lo}");
        let mut item = base_item.clone();
        item.insert("x".into(), A::S("y".repeat(lo - base)));
        println!("  then {:?}", msg(db.sdk().put_item().table_name(t).set_item(Some(item)).send().await.map(|_| ()).map_err(|e| aws_sdk_dynamodb::error::ProvideErrorMetadata::message(&e).map(str::to_owned))));
    }
    p.put().send(&db).await.unwrap();
    for n in [148, 149, 150, 151, 299, 300, 301] {
        let t = format!("SET {}", (0..n).map(|i| format!("a{i}=if_not_exists(b,:v)")).collect::<Vec<_>>().join(","));
        let r = db.sdk().update_item().table_name("parcels").key("depot", A::S("Ulm".into())).key("number", A::N("1".into())).update_expression(&t).expression_attribute_values(":v", A::N("1".into())).send().await;
        println!("if_not_exists {n} len {} {:?}", t.len(), r.map(|_|()).map_err(|e| aws_sdk_dynamodb::error::ProvideErrorMetadata::message(&e).map(str::to_owned)));
        let t = format!("SET {}", (0..n).map(|i| format!("a{i}=:v+:v")).collect::<Vec<_>>().join(","));
        let r = db.sdk().update_item().table_name("parcels").key("depot", A::S("Ulm".into())).key("number", A::N("1".into())).update_expression(&t).expression_attribute_values(":v", A::N("1".into())).send().await;
        println!("plus {n} len {} {:?}", t.len(), r.map(|_|()).map_err(|e| aws_sdk_dynamodb::error::ProvideErrorMetadata::message(&e).map(str::to_owned)));
    }
    // per expression or per request?
    let ors = |n: usize| (0..n).map(|_| "a=:v".to_owned()).collect::<Vec<_>>().join(" OR ");
    let r = db.sdk().update_item().table_name("parcels").key("depot", A::S("Ulm".into())).key("number", A::N("1".into())).update_expression(format!("SET {}", (0..200).map(|i| format!("a{i}=:v+:v")).collect::<Vec<_>>().join(","))).condition_expression(format!("{} OR attribute_exists(depot)", ors(140))).expression_attribute_values(":v", A::N("1".into())).send().await;
    println!("both {:?}", r.map(|_|()).map_err(|e| aws_sdk_dynamodb::error::ProvideErrorMetadata::message(&e).map(str::to_owned)));
    let r = db.sdk().query().table_name("parcels").key_condition_expression("depot = :d and #n between :v and :v").expression_attribute_names("#n", "number").expression_attribute_values(":d", A::S("Ulm".into())).filter_expression(format!("{} OR NOT a=:v", ors(149))).expression_attribute_values(":v", A::N("1".into())).send().await;
    println!("filter of 300 and key condition {:?}", r.map(|_|()).map_err(|e| aws_sdk_dynamodb::error::ProvideErrorMetadata::message(&e).map(str::to_owned)));
    for n in [50, 100, 120, 150, 200, 250] {
        let r = db.sdk().scan().table_name("parcels").filter_expression(ors(n)).expression_attribute_values(":v", A::N("1".into())).send().await;
        println!("ors {n}: {}", r.is_ok());
    }
}
fn dynamorm_size(item: &dynamorm::Item) -> usize { item.iter().map(|(n, v)| n.len() + size(v)).sum() }
fn size(v: &A) -> usize { match v { A::S(s) => s.len(), A::N(d) => 1 + d.bytes().filter(u8::is_ascii_digit).count().div_ceil(2), A::L(l) => 3 + l.iter().map(|v| 1 + size(v)).sum::<usize>(), A::M(m) => 3 + m.iter().map(|(n, v)| 1 + n.len() + size(v)).sum::<usize>(), A::Bool(_) | A::Null(_) => 1, _ => unreachable!() } }
