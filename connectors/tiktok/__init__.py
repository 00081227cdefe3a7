"""TikTok: Studio exports and the Display API."""
