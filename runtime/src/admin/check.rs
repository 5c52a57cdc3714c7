//! Comparing live tables with what is declared, without changing them.

use crate::admin::compare::{compare, no_table};
use crate::admin::difference::TableReport;
use crate::client::Client;
use crate::error::Result;
use crate::table::Table;

/// Comparing live tables with what is declared.
impl Client {
    /// Compares live tables with their declarations, at the start of a program or in CI: keys, indexes with their projections,
    /// time to live, stream and every other declared setting except tags (`DescribeTable`, `DescribeTimeToLive`, and
    /// `DescribeContinuousBackups` where point-in-time recovery is declared). It changes nothing.
    ///
    /// A declared part that the table lacks, or has otherwise, is a [difference](TableReport::differences). A part of the table
    /// that nothing declares is an [extra](TableReport::extras).
    ///
    /// ```
    /// # async fn example(db: &dynamorm::Client, tables: &[&'static dynamorm::table::Table]) -> dynamorm::Result<()> {
    /// let report = db.check_tables(tables).await?;
    /// print!("{report}");
    /// report.into_result()?; // an error if anything differs
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A request failed. A table that does not exist is a difference.
    pub async fn check_tables(&self, tables: &[&'static Table]) -> Result<TableReport> {
        Box::pin(async move {
            let mut found = Vec::new();
            for table in tables.iter().copied() {
                let name = self.table_name(table);
                match self.live(table).await {
                    Ok(live) => found.extend(compare(table, &live, &name)),
                    Err(error) if error.is_table_not_found() => found.push(no_table(name)),
                    Err(error) => return Err(error),
                }
            }
            Ok(TableReport::new(found))
        })
        .await
    }
}
