//! The system clock, and milliseconds since the start.

use core::sync::atomic::{AtomicU32, Ordering};
use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;
use smoltcp::time::Instant;

/// Milliseconds; back to 0 after 49 days.
static TICKS: AtomicU32 = AtomicU32::new(0);

/// Run-mode clock configuration (data sheet, section 5.5).
const RCC: *mut u32 = 0x400F_E060 as *mut u32;

/// The PLL's 200 MHz divided by 4, from the board's crystal of 8 MHz; main oscillator on, internal one as it was.
const PLL: u32 = 3 << 23 | 1 << 22 | 0xE << 6;
const HERTZ: u32 = 50_000_000;

pub struct Clock {
    /// When it was last looked at, and what that makes since the start.
    ticks: u32,
    milliseconds: i64,
}

impl Clock {
    pub fn start(mut systick: SYST) -> Clock {
        // SAFETY: a register of the processor that nobody else writes.
        unsafe { RCC.write_volatile(PLL) };
        systick.set_clock_source(SystClkSource::Core);
        systick.set_reload(HERTZ / 1000 - 1);
        systick.clear_current();
        systick.enable_counter();
        systick.enable_interrupt();
        Clock {
            ticks: 0,
            milliseconds: 0,
        }
    }

    /// The time since the start, beyond the 49 days too if asked at least once in them.
    pub fn now(&mut self) -> Instant {
        let ticks = TICKS.load(Ordering::Relaxed);
        self.milliseconds += i64::from(ticks.wrapping_sub(self.ticks));
        self.ticks = ticks;
        Instant::from_millis(self.milliseconds)
    }
}

#[exception]
fn SysTick() {
    // No other writes it, so it need not be one operation: smaller processors have none for that.
    TICKS.store(
        TICKS.load(Ordering::Relaxed).wrapping_add(1),
        Ordering::Relaxed,
    );
}

defmt::timestamp!("{=u32:ms}", TICKS.load(Ordering::Relaxed));
