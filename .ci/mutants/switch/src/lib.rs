//! Which mutant of `http-upgrade` lives in this process: the number in `MUTANT`, read once; 0 is none of them.
//! With `MUTANT_TRACE=FILE` the numbers of the functions that are called go to that file instead.
#![feature(core_intrinsics, const_eval_select)]
#![allow(internal_features)]

use std::env;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

const TRACING: u32 = u32::MAX - 1;
const UNKNOWN: u32 = u32::MAX;

static ACTIVE: AtomicU32 = AtomicU32::new(UNKNOWN);
static CALLED: [AtomicBool; 65536] = [const { AtomicBool::new(false) }; 65536];

/// The mutant that lives. A constant is evaluated without any.
#[inline(always)]
pub const fn active(function: u32) -> u32 {
    std::intrinsics::const_eval_select((function,), none, at_run_time)
}

const fn none(_function: u32) -> u32 {
    0
}

#[inline]
fn at_run_time(function: u32) -> u32 {
    match ACTIVE.load(Relaxed) {
        UNKNOWN => first(function),
        TRACING => trace(function),
        active => active,
    }
}

#[cold]
fn first(function: u32) -> u32 {
    if env::var_os("MUTANT_TRACE").is_some() {
        ACTIVE.store(TRACING, Relaxed);
        return trace(function);
    }
    let active = env::var("MUTANT").map_or(0, |number| number.parse().unwrap());
    ACTIVE.store(active, Relaxed);
    active
}

fn trace(function: u32) -> u32 {
    if !CALLED[function as usize].swap(true, Relaxed) {
        let path = env::var_os("MUTANT_TRACE").unwrap();
        let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
        file.write_all(format!("{function}\n").as_bytes()).unwrap();
    }
    0
}
