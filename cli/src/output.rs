//! What a command lists, as a table for people or as data for programs.

use clap::ValueEnum;

/// How a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// Columns for people
    Table,
    /// One JSON list, with everything that is known
    Json,
    /// Comma-separated values with a line of headings
    Csv,
}

/// Rows under headings.
#[derive(Debug)]
pub(crate) struct Table {
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: &'static [&'static str]) -> Self {
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row, which has a cell for each column.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Columns under headings in capitals; nothing at all without rows.
    pub(crate) fn to_text(&self) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let headings = self
            .columns
            .iter()
            .map(|name| name.to_uppercase())
            .collect();
        let lines: Vec<&Vec<String>> = std::iter::once(&headings).chain(&self.rows).collect();
        let width = |column: usize| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<_> = (0..self.columns.len()).map(width).collect();
        let mut text = String::new();
        for line in &lines {
            let cells = line.iter().zip(&widths).map(|(cell, width)| {
                let cell = if cell.is_empty() { "-" } else { cell };
                format!("{cell:<width$}")
            });
            let cells: Vec<_> = cells.collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text
    }

    /// Comma-separated values as RFC 4180 has them, but for the ends of lines.
    pub(crate) fn to_csv(&self) -> String {
        let mut text = self.columns.join(",");
        text.push('\n');
        for row in &self.rows {
            let cells: Vec<_> = row.iter().map(|cell| quoted(cell)).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        text
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(&["name", "url"]);
        assert_eq!(table.to_text(), "");
        table.row(vec!["Zürich".to_owned(), String::new()]);
        table.row(vec!["a".to_owned(), "https://192.0.2.1".to_owned()]);
        assert_eq!(
            table.to_text(),
            "NAME    URL\nZürich  -\na       https://192.0.2.1\n"
        );
    }

    #[test]
    fn cells_with_commas_and_quotes_are_quoted() {
        let mut table = Table::new(&["name", "url"]);
        table.row(vec!["a \"b\", c".to_owned(), String::new()]);
        assert_eq!(table.to_csv(), "name,url\n\"a \"\"b\"\", c\",\n");
    }
}
