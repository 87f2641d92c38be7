//! How many connections there are at a time.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Places for connections.
pub struct Slots {
    free: Mutex<usize>,
    freed: Condvar,
}

/// The place of one connection, free again when this is dropped.
pub struct Slot(Arc<Slots>);

impl Slots {
    pub fn new(number: usize) -> Arc<Slots> {
        Arc::new(Slots {
            free: Mutex::new(number),
            freed: Condvar::new(),
        })
    }

    /// Waits until one is free. Meanwhile connections wait in the queue of the listener.
    pub fn take(self: &Arc<Slots>) -> Slot {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .freed
            .wait_while(free, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Slot(Arc::clone(self))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
