//! The output of `aws dynamodb describe-table`, together with that of `describe-time-to-live`, `describe-continuous-backups` and
//! `list-tags-of-resource`.

use super::properties::{self, Properties};
use super::resolve::Resolver;
use super::{Found, Tables};
use crate::catalog::PointInTimeRecovery;
use crate::import::error::Error;
use crate::import::tree::{self, Node};

/// The tables in a file of consecutive answers. TTL, backups and tags belong to the table before them.
pub(in crate::import) fn read(file: &str, text: &str) -> Result<Found, Error> {
    let resolver = Resolver::default();
    let mut tables = Tables::default();
    for answer in tree::read_all_json(file, text)? {
        let is_bare = answer.get("KeySchema").is_some();
        if let Some(node) = answer.get("Table").or(is_bare.then_some(&answer)) {
            let label = node.get("TableName").and_then(Node::text).unwrap_or("table");
            let mut properties = Properties { resolver: &resolver, node, notes: Vec::new() };
            tables.add(label, properties::table(&mut properties, label));
        }
        let Some(table) = tables.found.tables.last_mut() else { continue };
        if let Some(ttl) = answer.get("TimeToLiveDescription") {
            let status = ttl.get("TimeToLiveStatus").and_then(Node::text);
            let is_on = matches!(status, Some("ENABLED" | "ENABLING"));
            table.ttl = ttl.get("AttributeName").and_then(Node::text).filter(|_| is_on).map(str::to_owned);
        }
        let backups = answer.get("ContinuousBackupsDescription");
        if let Some(recovery) = backups.and_then(|backups| backups.get("PointInTimeRecoveryDescription")) {
            let status = recovery.get("PointInTimeRecoveryStatus").and_then(Node::text);
            let days = recovery.get("RecoveryPeriodInDays").and_then(Node::text);
            let days = days.and_then(|days| days.parse().ok());
            table.point_in_time_recovery =
                (status == Some("ENABLED")).then_some(PointInTimeRecovery { days });
        }
        if answer.get("Tags").is_some() && !is_bare {
            table.tags =
                properties::tags(&mut Properties { resolver: &resolver, node: &answer, notes: Vec::new() });
        }
    }
    tables
        .finish(file, "no table: expected what `aws dynamodb describe-table` prints, `{ \"Table\": { … } }`")
}
