use super::table;

#[test]
fn tables_are_sorted() {
    assert!(table::is_sorted());
}
