//! Permits.

/// A number of permits that actors take and give back.
///
/// Fair: permits are given out in the order in which they were asked for, so nobody overtakes an
/// actor that waits.
pub trait Semaphore: 'static {
    /// One permit, given back when dropped.
    type Permit<'a>: Permit
    where
        Self: 'a;

    /// A semaphore of so many permits that is called `name` in a witness.
    fn new(name: &'static str, permits: usize) -> Self;

    /// Waits for a permit. Cancel safe: a future that is dropped before it is ready loses its place,
    /// and a permit that was already set aside for it goes to the next.
    #[track_caller]
    fn acquire(&self) -> impl Future<Output = Self::Permit<'_>>;

    /// Adds so many permits, also beyond the number there was at first. Never waits.
    #[track_caller]
    fn add_permits(&self, permits: usize);

    /// How many permits nobody holds.
    #[track_caller]
    fn available_permits(&self) -> usize;
}

/// What a [`Semaphore`] gives out.
pub trait Permit {
    /// Keeps the permit from being given back: it is gone until it is
    /// [added](Semaphore::add_permits) again.
    fn forget(self);
}
