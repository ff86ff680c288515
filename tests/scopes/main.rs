//! The program as its users meet it: the real binary, its output and its exit status.
