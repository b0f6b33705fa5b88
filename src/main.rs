//! tmp
use selvedge::explore::*;
use selvedge::patterns::*;
use selvedge::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let n: usize = a.get(1).map_or(3, |s| s.parse().unwrap());
    for pattern in CATALOGUE {
        for variant in pattern.variants {
            for world in [World::EventLoop, World::WeakMemory] {
                for family in Family::ALL {
                    if !family.runs_in(world) {
                        continue;
                    }
                    if a.get(2).is_some_and(|f| f != family.name()) {
                        continue;
                    }
                    let case = Case { pattern, variant, world, family, actors: n };
                    match case.prove(Limits::default()) {
                        Ok(p) => {
                            println!(
                                "{}/{} {world} {family}: {} ok={} {:?} exec {} states {:?} {:?} {:?}",
                                pattern.name,
                                variant.name,
                                p.judgement,
                                p.is_as_expected(),
                                p.reached.iter().map(|o| o.to_string()).collect::<Vec<_>>(),
                                p.executions,
                                p.states,
                                p.duration,
                                p.incomplete
                            );
                            if let Some(w) = p.witness {
                                println!(
                                    "    {} sw {} path {:?} {:?}",
                                    w.outcome,
                                    w.switches,
                                    w.path,
                                    w.events
                                        .iter()
                                        .map(|e| format!(
                                            "{}:{} {} {}",
                                            e.actor,
                                            e.object.map_or("", |o| o.0),
                                            e.call.map_or("", |c| c.operation),
                                            e.value()
                                        ))
                                        .collect::<Vec<_>>()
                                );
                            }
                        }
                        Err(e) => println!("{e}"),
                    }
                }
            }
        }
    }
}
