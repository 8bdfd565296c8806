"""What lies between answers and widgets: kinds of values, rules, and the check that all of a tab fits together."""
