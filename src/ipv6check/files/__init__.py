"""Reading files that people write: values with line numbers, and every error at once as ``file:line: message``."""
