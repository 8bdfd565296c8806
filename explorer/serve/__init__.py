"""What answers the page: the server, the checkpoints it computes with, and the checks of what it is asked."""
