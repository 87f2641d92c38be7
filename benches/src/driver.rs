//! Repeats an operation, to be counted, timed or looked at for its stack.
//!
//! `PROGRAM` alone prints the names of what it can do. `PROGRAM NAME ROUNDS` does that `ROUNDS` times, and once before.
//! Under callgrind, the difference between N and 2N rounds, divided by N, is what one operation takes. With `time` behind
//! it, the nanoseconds of a round are printed, with `stack` the bytes of stack that the operation takes.

use std::{env, hint::black_box, process, process::ExitCode, time::Instant};

/// What a program can do: a name and the function that prepares it and calls [`Driver::each`].
pub type Work = (&'static str, fn(&Driver));

/// How often, and what is looked at.
pub struct Driver {
    rounds: u32,
    mode: Mode,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Count,
    Time,
    Stack,
}

/// Does what the command line names.
#[must_use]
pub fn main(works: &[Work]) -> ExitCode {
    if env::args().len() == 1 {
        works.iter().for_each(|(name, _)| println!("{name}"));
        return ExitCode::SUCCESS;
    }
    let found = args().and_then(|(name, driver)| {
        let work = works.iter().find(|(known, _)| *known == name)?;
        Some((work.1, driver))
    });
    let Some((work, driver)) = found else {
        eprintln!("NAME ROUNDS [time|stack]; without them, the names are printed");
        return ExitCode::FAILURE;
    };
    black_box(work)(&driver);
    ExitCode::SUCCESS
}

/// The name on the command line, and what is to be done.
#[must_use]
pub fn args() -> Option<(String, Driver)> {
    let mut args = env::args().skip(1);
    let (name, rounds) = (args.next()?, args.next()?.parse().ok()?);
    let mode = match args.next().as_deref() {
        None => Mode::Count,
        Some("time") => Mode::Time,
        Some("stack") => Mode::Stack,
        Some(_) => return None,
    };
    Some((name, Driver { rounds, mode }))
}

/// Ends the program where an implementation refuses the work: a result of its own, not a failure.
pub fn refuses(why: impl std::fmt::Display) -> ! {
    println!("refuses: {why}");
    process::exit(4)
}

impl Driver {
    /// Does the operation once, to warm up, and then as often as was asked for.
    #[inline(always)]
    pub fn each(&self, mut operation: impl FnMut()) {
        // One place that calls it, as another would let the compiler inline it less.
        for rounds in black_box([1, self.rounds]) {
            let begin = self.begin();
            for _ in 0..rounds {
                operation();
            }
            self.end(&begin, rounds);
        }
    }

    /// The same with the operation in a frame of its own, for those whose stack is looked at.
    #[inline(always)]
    pub fn each_apart(&self, mut operation: impl FnMut()) {
        self.each(|| apart(&mut operation));
    }

    #[inline(never)]
    fn begin(&self) -> Begin {
        let frame = 0_u8;
        let top = black_box(&raw const frame) as usize;
        if self.mode == Mode::Stack {
            paint(top);
        }
        Begin {
            top,
            at: Instant::now(),
        }
    }

    #[inline(never)]
    fn end(&self, begin: &Begin, rounds: u32) {
        let taken = begin.at.elapsed().as_nanos();
        let is_warm = rounds == self.rounds;
        match self.mode {
            Mode::Time if is_warm => println!("{:.1}", taken as f64 / f64::from(rounds)),
            Mode::Stack if is_warm => println!("{}", begin.top - deepest(begin.top)),
            _ => {}
        }
    }
}

#[inline(never)]
fn apart(operation: &mut impl FnMut()) {
    operation();
}

struct Begin {
    top: usize,
    at: Instant,
}

/// How far below the caller's frame the stack is looked at, and what is not painted, as it belongs to the painter.
const DEPTH: usize = 1 << 20;
const MARGIN: usize = 256;
const COLOUR: u64 = 0xC01D_57AC_C01D_57AC;

fn words(top: usize) -> impl Iterator<Item = *mut u64> {
    let from = (top - DEPTH) & !7;
    (from..top - MARGIN).step_by(8).map(|at| at as *mut u64)
}

/// Fills the stack below the caller.
#[inline(never)]
fn paint(top: usize) {
    for word in words(top) {
        // SAFETY: the main thread's stack is 8 MiB, of which nothing is in use that far below the frame that runs.
        unsafe { word.write_volatile(COLOUR) }
    }
}

/// The lowest address that was written to since.
#[inline(never)]
fn deepest(top: usize) -> usize {
    // SAFETY: as above, and it was written before.
    words(top)
        .find(|word| unsafe { word.read_volatile() } != COLOUR)
        .map_or(top - MARGIN, |word| word as usize)
}
