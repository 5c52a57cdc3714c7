//! Columns: parts of lines that their owner has aligned stay aligned.

/// A line as cells: a key, `= ` with its value, and a comment. An inline table has a cell for each entry.
pub(super) struct Row {
    pub cells: Vec<Cell>,
    pub comment: Option<Cell>,
    /// The number of its block. No comment or blank line separates the lines of a block.
    pub block: usize,
    /// The following lines of the value, including the closing bracket.
    pub rest: String,
}

/// A part of a line.
pub(super) struct Cell {
    pub text: String,
    /// The column in which it was written.
    pub column: usize,
}

/// The lines of a section, aligned where they were aligned.
pub(super) fn lines(rows: &[Row]) -> Vec<String> {
    let mut lines: Vec<String> = rows.iter().map(|row| row.cells[0].text.clone()).collect();
    let most = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    for number in 1..most {
        add(rows, &mut lines, |row| row.cells.get(number));
    }
    add(rows, &mut lines, |row| row.comment.as_ref().filter(|_| row.rest.is_empty()));
    for (row, line) in rows.iter().zip(&mut lines) {
        line.push_str(&row.rest);
        if let Some(comment) = row.comment.as_ref().filter(|_| !row.rest.is_empty()) {
            line.push(' ');
            line.push_str(&comment.text);
        }
    }
    lines
}

/// Adds a cell to each line that has it. If the cells were aligned in the whole section or in a block, they stay aligned.
/// Otherwise they follow after one space.
fn add<'r>(rows: &'r [Row], lines: &mut [String], cell: impl Fn(&'r Row) -> Option<&'r Cell>) {
    let with_cell: Vec<(usize, &Row, &Cell)> =
        rows.iter().enumerate().filter_map(|(at, row)| Some((at, row, cell(row)?))).collect();
    let are_aligned =
        |cells: &[(usize, &Row, &Cell)]| cells.windows(2).all(|pair| pair[0].2.column == pair[1].2.column);
    let groups: Vec<_> = match are_aligned(&with_cell) {
        true => vec![with_cell.as_slice()],
        false => with_cell.chunk_by(|left, right| left.1.block == right.1.block).collect(),
    };
    for group in groups {
        let widths = group.iter().map(|(at, ..)| width(&lines[*at]));
        let widest = widths.max().filter(|_| are_aligned(group)).unwrap_or_default();
        for (at, _, cell) in group {
            let padding = widest.saturating_sub(width(&lines[*at])) + 1;
            lines[*at].push_str(&" ".repeat(padding));
            lines[*at].push_str(&cell.text);
        }
    }
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}
