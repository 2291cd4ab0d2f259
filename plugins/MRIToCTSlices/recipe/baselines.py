"""What a CT without any network would be: the mean CT everywhere, and the mean CT of each grey level.

usage: baselines.py AANLIB FOLDER

Learned from the patients that the recipe learns from, applied to the slices of its test patients: FOLDER gets
source, target, mean and regression, for `tessera evaluate`.
"""
import glob
import os
import shutil
import sys

import numpy
from PIL import Image

slices, folder = sys.argv[1:3]
read = lambda path: numpy.asarray(Image.open(path).convert("L"))
pairs = [(path, path.replace("/MRI/", "/CT/")) for path in sorted(glob.glob(f"{slices}/MRI/*.png"))]
patient = lambda pair: os.path.basename(pair[0])[:2]
learned = [pair for pair in pairs if patient(pair) not in ("16", "20", "28")]
mri = numpy.stack([read(source) for source, _ in learned])
ct = numpy.stack([read(target) for _, target in learned]).astype(float)
mean = ct.mean(axis=0)
counts = numpy.bincount(mri.ravel(), minlength=256)
sums = numpy.bincount(mri.ravel(), weights=ct.ravel(), minlength=256)
known = numpy.flatnonzero(counts)
curve = numpy.interp(numpy.arange(256), known, sums[known] / counts[known])
for name in ("source", "target", "mean", "regression"):
    os.makedirs(f"{folder}/{name}", exist_ok=True)
for source, target in pairs:
    if patient((source, target)) not in ("16", "20"):
        continue
    name = os.path.basename(source)
    shutil.copy(source, f"{folder}/source/{name}")
    shutil.copy(target, f"{folder}/target/{name}")
    Image.fromarray(mean.round().astype("uint8")).save(f"{folder}/mean/{name}")
    Image.fromarray(curve[read(source)].round().astype("uint8")).save(f"{folder}/regression/{name}")
