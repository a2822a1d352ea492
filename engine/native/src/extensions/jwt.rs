use super::Extension;
pub const EXTENSIONS: &[Extension] = &[];
