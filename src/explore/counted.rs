//! A reference count that the explorer sees.

use std::fmt;
use std::ops::Deref;
use std::panic::Location;
use std::rc::Rc;
use std::sync::{Arc as Counted, Weak as Uncounted};

use super::ExploredMonitor;
use crate::observe::{Access, Call, Digest, Fingerprint, Observed, Seen};
use crate::primitives::Monitor;

/// [`std::sync::Arc`], whose count decides something: to clone it, to drop it and to ask for the count
/// are operations, before each of which another thread may come in.
///
/// The explorer does not see what [`std::sync::Arc`] and [`std::rc::Rc`] count. That makes no difference
/// where they only keep a value alive, and none on an event loop without merging; on threads, whatever
/// follows from [`into_inner`](Self::into_inner), [`try_unwrap`](Self::try_unwrap),
/// [`get_mut`](Self::get_mut), [`strong_count`](Self::strong_count) or [`Weak::upgrade`] does.
///
/// ```
/// use selvedge::explore::{Arc, Explorer, Model};
/// use selvedge::primitives::{Cell, Primitives};
///
/// // Two threads give up a value. Each takes it apart if it is the last to have it.
/// let found = Explorer::threads().explore(|actors| {
///     let shared = Arc::new(());
///     let apart = std::rc::Rc::new(<Model as Primitives>::Cell::new("apart", 0));
///     for name in ["left", "right"] {
///         let (shared, apart) = (shared.clone(), apart.clone());
///         actors.spawn(name, async move {
///             if Arc::try_unwrap(shared).is_ok() {
///                 apart.set(1);
///             }
///         });
///     }
///     drop(shared);
///     move || apart.get()
/// });
/// found.assert_outcomes([0, 1]); // `into_inner` would not leave it to nobody
/// ```
pub struct Arc<T: 'static> {
    /// None once it has been given up.
    value: Option<Counted<T>>,
    counts: Rc<Counts>,
}

/// [`std::sync::Weak`] of an [`Arc`].
pub struct Weak<T: 'static> {
    value: Uncounted<T>,
    counts: Rc<Counts>,
}

type Counts = ExploredMonitor<Tally>;

/// How many have the value, and how many know of it.
pub struct Tally {
    strong: u64,
    weak: u64,
}

impl Fingerprint for Tally {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.strong);
        digest.mix(self.weak);
    }
}

/// What an operation gives back, and what can be told from it.
struct Told<R>(R, Seen);

impl<R> Observed for Told<R> {
    fn seen(&self) -> Seen {
        self.1
    }
}

/// Makes an operation of `act`.
fn access<R>(
    counts: &Counts,
    (operation, access): (&'static str, Access),
    location: &'static Location<'static>,
    act: impl FnOnce(&mut Tally) -> R,
    seen: impl FnOnce(&R) -> Seen,
) -> R {
    let call = Call::new(operation, access).at(location);
    let told = counts.with(call, |tally| {
        let result = act(tally);
        let seen = seen(&result);
        Told(result, seen)
    });
    told.0
}

const CLONE: (&str, Access) = ("clone", Access::Update);
const DROP: (&str, Access) = ("drop", Access::Update);

impl<T: 'static> Arc<T> {
    /// A value that one has.
    pub fn new(value: T) -> Self {
        let counts = Rc::new(Counts::new("Arc", Tally { strong: 1, weak: 0 }));
        Self { value: Some(Counted::new(value)), counts }
    }

    /// The value, if nobody else has it. Of several who call this, one gets it.
    #[track_caller]
    pub fn into_inner(mut this: Self) -> Option<T> {
        let value = this.value.take()?;
        let call = ("into_inner", Access::Update);
        let into_inner = |tally: &mut Tally| {
            tally.strong -= 1;
            Counted::into_inner(value)
        };
        access(&this.counts, call, Location::caller(), into_inner, |it| Seen::Flag(it.is_some()))
    }

    /// The value, if nobody else has it at this moment.
    ///
    /// # Errors
    ///
    /// The argument, if somebody else has it.
    #[track_caller]
    pub fn try_unwrap(mut this: Self) -> Result<T, Self> {
        let Some(value) = this.value.take() else { return Err(this) };
        let call = ("try_unwrap", Access::Update);
        let unwrap = |tally: &mut Tally| {
            let result = Counted::try_unwrap(value);
            tally.strong -= u64::from(result.is_ok());
            result
        };
        let result =
            access(&this.counts, call, Location::caller(), unwrap, |it| Seen::Flag(it.is_ok()));
        result.map_err(|value| Self { value: Some(value), counts: Rc::clone(&this.counts) })
    }

    /// The value to change, if nobody else has it, weakly or not.
    #[track_caller]
    pub fn get_mut(this: &mut Self) -> Option<&mut T> {
        let value = this.value.as_mut()?;
        let call = ("get_mut", Access::Read);
        let is_alone = |_: &mut Tally| Counted::get_mut(value).is_some();
        access(&this.counts, call, Location::caller(), is_alone, |&it| Seen::Flag(it));
        this.value.as_mut().and_then(Counted::get_mut)
    }

    /// How many have it.
    #[track_caller]
    pub fn strong_count(this: &Self) -> usize {
        let call = ("strong_count", Access::Read);
        let count = |tally: &mut Tally| tally.strong as usize;
        access(&this.counts, call, Location::caller(), count, |&it| Seen::Number(it as i64))
    }

    /// A reference that does not keep the value alive.
    #[track_caller]
    pub fn downgrade(this: &Self) -> Weak<T> {
        let downgrade = |tally: &mut Tally| {
            tally.weak += 1;
            this.value.as_ref().map_or_else(Uncounted::new, Counted::downgrade)
        };
        let call = ("downgrade", Access::Update);
        let value = access(&this.counts, call, Location::caller(), downgrade, |_| Seen::Nothing);
        Weak { value, counts: Rc::clone(&this.counts) }
    }
}

impl<T: 'static> Weak<T> {
    /// The value, if somebody still has it.
    #[track_caller]
    pub fn upgrade(&self) -> Option<Arc<T>> {
        let call = ("upgrade", Access::Update);
        let upgrade = |tally: &mut Tally| {
            let value = self.value.upgrade();
            tally.strong += u64::from(value.is_some());
            value
        };
        let value =
            access(&self.counts, call, Location::caller(), upgrade, |it| Seen::Flag(it.is_some()));
        value.map(|value| Arc { value: Some(value), counts: Rc::clone(&self.counts) })
    }
}

impl<T: 'static> Deref for Arc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("it has its value until it is given up")
    }
}

impl<T: 'static> Clone for Arc<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        let clone = |tally: &mut Tally| {
            tally.strong += 1;
            self.value.clone()
        };
        let value = access(&self.counts, CLONE, Location::caller(), clone, |_| Seen::Nothing);
        Self { value, counts: Rc::clone(&self.counts) }
    }
}

impl<T: 'static> Clone for Weak<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        let clone = |tally: &mut Tally| {
            tally.weak += 1;
            self.value.clone()
        };
        let value = access(&self.counts, CLONE, Location::caller(), clone, |_| Seen::Nothing);
        Self { value, counts: Rc::clone(&self.counts) }
    }
}

impl<T: 'static> Drop for Arc<T> {
    /// Who drops the last one drops the value, after that.
    fn drop(&mut self) {
        let Some(value) = self.value.take() else { return };
        let give_up = |tally: &mut Tally| {
            tally.strong -= 1;
            Counted::into_inner(value)
        };
        let is_last = |it: &Option<T>| Seen::Flag(it.is_some());
        let last = access(&self.counts, DROP, Location::caller(), give_up, is_last);
        drop(last);
    }
}

impl<T: 'static> Drop for Weak<T> {
    fn drop(&mut self) {
        let value = std::mem::take(&mut self.value);
        let give_up = |tally: &mut Tally| {
            tally.weak -= 1;
            drop(value);
        };
        access(&self.counts, DROP, Location::caller(), give_up, |()| Seen::Nothing);
    }
}

impl<T: fmt::Debug + 'static> fmt::Debug for Arc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: 'static> fmt::Debug for Weak<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(Weak)")
    }
}
