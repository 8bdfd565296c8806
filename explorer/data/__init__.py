"""Picture sets: whole ones for training, 500 pictures of each for the app."""
