"""Trains a classifier on scikit-learn's handwritten digits and keeps every fifth row back for testing.

Usage: python train.py FOLDER

Writes FOLDER/model/digits.joblib and FOLDER/held-out.json, a list of {"pixels": [64 numbers], "digit": n}.
"""

import json
import sys
from pathlib import Path

import joblib
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def main(folder: Path) -> None:
    digits = load_digits()
    held_out = [row for row in range(len(digits.target)) if row % 5 == 0]
    training = [row for row in range(len(digits.target)) if row % 5 != 0]
    model = make_pipeline(StandardScaler(), MLPClassifier((64,), max_iter=400, random_state=0))
    model.fit(digits.data[training], digits.target[training])

    (folder / "model").mkdir(parents=True, exist_ok=True)
    joblib.dump(model, folder / "model" / "digits.joblib", compress=3)
    rows = [{"pixels": digits.data[row].tolist(), "digit": int(digits.target[row])} for row in held_out]
    (folder / "held-out.json").write_text(json.dumps(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
