"""The files that a study is taken away in, one module a form."""
