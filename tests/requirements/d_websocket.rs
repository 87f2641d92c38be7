//! Requirements of that section.
