// Filled in by the change that brings the target's code.
