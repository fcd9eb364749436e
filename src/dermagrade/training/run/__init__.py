"""What every training run shares: job, folder, processes, and weights with manifest, card and figures."""
