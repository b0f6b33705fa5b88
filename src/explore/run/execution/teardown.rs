//! The end of an execution that has been judged.

use super::{Body, Execution, Interleave};
use crate::explore::run::panics;

impl Execution {
    /// Lets threads that are half-way run to their end, where they can.
    fn drain(&mut self) {
        self.run.stops.shorten(false);
        let mut goes_on = self.interleave == Interleave::AtAccesses;
        while std::mem::take(&mut goes_on) {
            for (actor, slot) in self.slots.iter_mut().enumerate() {
                self.run.record.tear_down(Some(actor));
                let Body::Threaded(thread) = &mut slot.body else { continue };
                if thread.is_ready() {
                    self.run.session.watched.begin(actor, self.steps);
                    let ended = panics::catching(|| thread.drain());
                    self.run.session.watched.end();
                    goes_on |= matches!(ended, Ok(true));
                    if !matches!(ended, Ok(false)) {
                        slot.body = Body::Finished;
                    }
                }
            }
        }
    }
}

impl Drop for Execution {
    fn drop(&mut self) {
        self.run.end();
        if self.slots.len() < 2 || !self.run.record.view().objects.is_empty() {
            self.run.session.shares.set(true);
        }
        self.drain();
        // Futures dropped half-way run their destructors, which may panic; this execution has
        // been judged already.
        let finish = self.finish.take();
        let invariants = std::mem::take(&mut self.invariants);
        let _ = panics::catching(|| drop(invariants));
        // One by one, since a second panic while one is under way would end the process.
        for (actor, slot) in self.slots.iter_mut().enumerate() {
            let body = std::mem::replace(&mut slot.body, Body::Finished);
            if let Body::Finished = body {
                continue;
            }
            self.run.record.tear_down(Some(actor));
            self.run.session.watched.begin(actor, self.steps);
            let _ = panics::catching(|| drop(body));
            self.run.session.watched.end();
        }
        self.run.record.tear_down(None);
        if self.run.record.hands_over() {
            self.run.session.hands_over.set(true);
        }
        let _ = panics::catching(|| drop(finish));
        // What is spawned on the way out never runs.
        let mut late = self.run.take_spawned();
        while let Some(child) = late.pop() {
            let _ = panics::catching(|| drop(child));
            late.append(&mut self.run.take_spawned());
        }
        let mut slots = std::mem::take(&mut self.slots);
        // What is left of an actor has nothing to drop but names and numbers.
        slots.clear();
        self.run.session.slots.replace(slots);
        let wakers = std::mem::take(&mut self.wakers);
        self.run.session.wakers.give_back(wakers, self.first_spawned);
    }
}
