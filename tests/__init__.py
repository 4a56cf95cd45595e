"""The tests are a package, so that no library's stray "tests" folder takes their name."""
