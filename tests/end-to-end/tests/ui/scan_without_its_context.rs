use end_to_end::single_table::Invoice;

fn main() {
    let _ = Invoice::scan();
}
