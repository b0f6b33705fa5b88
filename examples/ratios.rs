//! Prints what `cargo bench` measured as ratios: a table for each pattern and setting.
//!
//! ```text
//! cargo bench --bench patterns && cargo run --example ratios
//! ```
//!
//! `ns/op` is the median time of one operation, with half of its 95 % confidence interval.
//! `unguarded` is how many times the same body without its guard that is, and `by hand` how many
//! times the same operation written against tokio without this crate. Takes the folder that
//! criterion wrote to as its argument, if that is not the usual one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use serde_json::Value;

/// What the patterns call the body without its guard.
const UNGUARDED: [&str; 3] = ["unlocked", "read-transform-write", "relaxed"];

/// Pattern, setting and actors: what a table has in common.
type Title = (String, String, String);

/// Primitives and variant.
type Row = (String, String);

/// Nanoseconds for one operation.
#[derive(Clone, Copy)]
struct Cost {
    median: f64,
    deviation: f64,
}

fn main() -> ExitCode {
    let folder = env::args_os().nth(1).map_or_else(criterion_folder, PathBuf::from);
    let mut tables = BTreeMap::new();
    if let Err(error) = collect(&folder, &mut tables) {
        eprintln!("{}: {error}", folder.display());
        return ExitCode::FAILURE;
    }
    if tables.is_empty() {
        eprintln!("{}: nothing was measured; run `cargo bench` first", folder.display());
        return ExitCode::FAILURE;
    }
    for (title, table) in &tables {
        print(title, table);
    }
    ExitCode::SUCCESS
}

/// Where criterion writes, by its own rules.
fn criterion_folder() -> PathBuf {
    let target = || env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
    env::var_os("CRITERION_HOME").map_or_else(|| target().join("criterion"), PathBuf::from)
}

/// Reads every benchmark's last measurement below `folder`.
fn collect(folder: &Path, tables: &mut BTreeMap<Title, BTreeMap<Row, Cost>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.join("benchmark.json").is_file() && path.ends_with("new") {
            let (title, row, cost) = read(&path)?;
            tables.entry(title).or_default().insert(row, cost);
        } else if path.is_dir() {
            collect(&path, tables)?;
        }
    }
    Ok(())
}

fn read(folder: &Path) -> io::Result<(Title, Row, Cost)> {
    let parse =
        |file| -> io::Result<Value> { Ok(serde_json::from_slice(&fs::read(folder.join(file))?)?) };
    let (benchmark, estimates) = (parse("benchmark.json")?, parse("estimates.json")?);
    understand(&benchmark, &estimates["median"]).ok_or_else(|| {
        let message = format!("{} is not a benchmark of this crate", folder.display());
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}

fn understand(benchmark: &Value, median: &Value) -> Option<(Title, Row, Cost)> {
    let mut function = benchmark["function_id"].as_str()?.split('/').map(str::to_owned);
    let (setting, primitives, variant) = (function.next()?, function.next()?, function.next()?);
    let pattern = benchmark["group_id"].as_str()?.to_owned();
    let actors = benchmark["value_str"].as_str()?.to_owned();
    let operations = benchmark["throughput"]["Elements"].as_f64()?;
    let interval = &median["confidence_interval"];
    let width = interval["upper_bound"].as_f64()? - interval["lower_bound"].as_f64()?;
    let cost = Cost {
        median: median["point_estimate"].as_f64()? / operations,
        deviation: width / 2.0 / operations,
    };
    Some(((pattern, setting, actors), (primitives, variant), cost))
}

fn print((pattern, setting, actors): &Title, table: &BTreeMap<Row, Cost>) {
    println!("{pattern}, {setting}, actors: {actors}\n");
    println!("| primitives | variant              |   ns/op |     ± | unguarded | by hand |");
    println!("|------------|----------------------|--------:|------:|----------:|--------:|");
    for ((primitives, variant), cost) in table {
        let times = |(primitives, variant): (&str, &str)| {
            let base = table.get(&(primitives.to_owned(), variant.to_owned()))?;
            Some(format!("{:.2}", cost.median / base.median))
        };
        let unguarded = UNGUARDED.into_iter().find_map(|base| times((primitives, base)));
        // What was written by hand was written against tokio: other families are another matter.
        let by_hand = (primitives == "tokio").then(|| times(("by-hand", variant))).flatten();
        println!(
            "| {primitives:10} | {variant:20} | {:7.1} | {:5.1} | {:>9} | {:>7} |",
            cost.median,
            cost.deviation,
            unguarded.unwrap_or_default(),
            by_hand.unwrap_or_default()
        );
    }
    println!();
}
