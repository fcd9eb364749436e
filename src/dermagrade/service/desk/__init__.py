"""The rater's desk: photo after photo, each graded blind, by keyboard, mouse or touch."""
