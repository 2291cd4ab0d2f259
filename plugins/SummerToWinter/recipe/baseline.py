"""What colours do without any network: one affine map of Lab that gives summer the mean and covariance of winter.

usage: baseline.py SEASONS FOLDER

Measured on trainA and trainB, applied to testA, written to FOLDER for `tessera evaluate`.
"""
import glob
import os
import sys

import numpy
from PIL import Image
from skimage import color

seasons, folder = sys.argv[1:3]
read = lambda path: color.rgb2lab(numpy.asarray(Image.open(path).convert("RGB")))
pixels = lambda part: numpy.concatenate(
    [read(path)[::4, ::4].reshape(-1, 3) for path in sorted(glob.glob(f"{seasons}/{part}/*"))])
summer, winter = pixels("trainA"), pixels("trainB")
spread = lambda samples: numpy.linalg.cholesky(numpy.cov(samples.T))
matrix = spread(winter) @ numpy.linalg.inv(spread(summer))
os.makedirs(folder, exist_ok=True)
for path in glob.glob(f"{seasons}/testA/*"):
    lab = (read(path) - summer.mean(0)) @ matrix.T + winter.mean(0)
    rgb = (numpy.clip(color.lab2rgb(lab), 0, 1) * 255).round().astype("uint8")
    Image.fromarray(rgb).save(f"{folder}/{os.path.splitext(os.path.basename(path))[0]}.png")
