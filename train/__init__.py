"""Makes every shipped checkpoint again and states the published figure it stands for."""
