"""Each tab in a few lines of Python, as a script that runs by itself; the page shows them, nothing imports them."""
