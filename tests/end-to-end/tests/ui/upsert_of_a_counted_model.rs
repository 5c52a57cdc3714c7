use end_to_end::counters::Invoice;

fn main() {
    let invoice = Invoice::builder().number(7).build().unwrap();
    // It does not read whether it creates one.
    let _ = invoice.upsert();
}
