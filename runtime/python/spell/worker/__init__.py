"""The worker: one process that loads one predictor and answers its gateway's requests. Not for predictors to import."""
