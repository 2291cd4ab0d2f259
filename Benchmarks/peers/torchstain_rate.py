"""Macenko by torchstain on raw RGB pixels: prints MP/s of normalize(), numpy and, if
installed, torch back end.  usage: torchstain_rate.py PIXELS.raw WIDTH HEIGHT"""
import os, statistics, sys, time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np

width, height = int(sys.argv[2]), int(sys.argv[3])
tile = np.fromfile(sys.argv[1], np.uint8).reshape(height, width, 3)


def rate(f, runs=5):
    f()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return width * height / statistics.median(times) / 1e6


from torchstain.numpy.normalizers import NumpyMacenkoNormalizer

a = NumpyMacenkoNormalizer()
a.fit(tile)
print("numpy", rate(lambda: a.normalize(tile, stains=False)))

try:
    import torch
    from torchstain.torch.normalizers import TorchMacenkoNormalizer

    torch.set_num_threads(1)
    b = TorchMacenkoNormalizer()
    t = torch.from_numpy(tile).permute(2, 0, 1)
    b.fit(t)
    print("torch", rate(lambda: b.normalize(t, stains=False)))
except ImportError:
    pass
