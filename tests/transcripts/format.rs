//! Reads transcripts: the format that `README.md` beside this file describes. Every mistake is an error with its line.

use crate::notation;
use std::path::Path;

/// Inputs that all give the same lines.
pub struct Case {
    pub line: usize,
    pub heading: String,
    pub args: Vec<String>,
    /// Each with the line where it starts.
    pub inputs: Vec<(usize, Vec<u8>)>,
    pub expected: String,
}

/// The cases of one file. `folder` is where its links start.
pub fn parse(text: &str, folder: &Path) -> Result<Vec<Case>, String> {
    let mut reader = Reader {
        folder,
        cases: Vec::new(),
        heading: None,
        args: Vec::new(),
        inputs: Vec::new(),
    };
    let mut lines = text.lines().zip(1..);
    while let Some((line, at)) = lines.next() {
        reader
            .line(line, at, &mut lines)
            .map_err(|error| format!("line {at}: {error}"))?;
    }
    reader
        .end_section()
        .map_err(|error| format!("at the end: {error}"))?;
    if reader.cases.is_empty() {
        Err("no case".to_owned())
    } else {
        Ok(reader.cases)
    }
}

struct Reader<'t> {
    folder: &'t Path,
    cases: Vec<Case>,
    heading: Option<&'t str>,
    args: Vec<String>,
    inputs: Vec<(usize, Vec<u8>)>,
}

impl<'t> Reader<'t> {
    fn line(
        &mut self,
        line: &'t str,
        at: usize,
        more: &mut impl Iterator<Item = (&'t str, usize)>,
    ) -> Result<(), String> {
        if let Some(language) = line.strip_prefix("```") {
            let block = block(more)?;
            match language {
                "http" => self.input(at, notation::input(&block)?),
                "text" => self.expected(at, &block),
                other => Err(format!("a block is http or text, not {other:?}")),
            }
        } else if let Some(heading) = line.strip_prefix("## ") {
            self.end_section()?;
            self.heading = Some(heading);
            Ok(())
        } else if let Some(args) = line
            .strip_prefix('`')
            .and_then(|rest| rest.strip_suffix('`'))
        {
            self.arguments(args)
        } else if let Some(path) = link(line) {
            let path = self.folder.join(path);
            let bytes =
                std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            self.input(at, bytes)
        } else if line.starts_with("###") || line.starts_with("    ") {
            Err("headings have one or two #, and blocks are fenced".to_owned())
        } else {
            Ok(())
        }
    }

    fn arguments(&mut self, args: &str) -> Result<(), String> {
        if self.heading.is_none() || !self.inputs.is_empty() {
            return Err("arguments stand below a heading and ahead of inputs".to_owned());
        }
        self.args = args.split(' ').map(str::to_owned).collect();
        match self
            .args
            .iter()
            .find(|arg| arg.is_empty() || *arg == "--split")
        {
            Some(arg) => Err(format!("{arg:?} is no argument of a transcript")),
            None => Ok(()),
        }
    }

    fn input(&mut self, at: usize, bytes: Vec<u8>) -> Result<(), String> {
        if self.args.is_empty() {
            return Err("an input without arguments".to_owned());
        }
        self.inputs.push((at, bytes));
        Ok(())
    }

    fn expected(&mut self, line: usize, block: &[&str]) -> Result<(), String> {
        let heading = self.heading.ok_or("lines without a heading")?.to_owned();
        let inputs = std::mem::take(&mut self.inputs);
        if inputs.is_empty() {
            return Err("lines without an input".to_owned());
        }
        if !block.last().is_some_and(|last| last.starts_with("rest ")) {
            return Err("the last line is always `rest N`".to_owned());
        }
        let expected = block.join("\n") + "\n";
        self.cases.push(Case {
            line,
            heading,
            args: self.args.clone(),
            inputs,
            expected,
        });
        Ok(())
    }

    /// A heading has at least one case, and no input waits for its lines.
    fn end_section(&mut self) -> Result<(), String> {
        self.args.clear();
        match self.heading {
            Some(heading) if !self.inputs.is_empty() => {
                Err(format!("an input without lines below {heading:?}"))
            }
            Some(heading) if self.cases.last().is_none_or(|case| case.heading != heading) => {
                Err(format!("no case below {heading:?}"))
            }
            _ => Ok(()),
        }
    }
}

/// The lines up to the closing fence.
fn block<'t>(lines: &mut impl Iterator<Item = (&'t str, usize)>) -> Result<Vec<&'t str>, String> {
    let mut block = Vec::new();
    for (line, at) in lines {
        match line {
            "```" => return Ok(block),
            _ if line.starts_with("```") => {
                return Err(format!("a fence inside a block, line {at}"));
            }
            _ if line.ends_with(' ') => return Err(format!("a space at the end of line {at}")),
            _ => block.push(line),
        }
    }
    Err("the block has no end".to_owned())
}

/// The target of a line that is a link and nothing else.
fn link(line: &str) -> Option<&str> {
    let (text, target) = line
        .strip_prefix('[')?
        .strip_suffix(')')?
        .split_once("](")?;
    (!text.contains(['[', ']']) && !target.contains('(')).then_some(target)
}
