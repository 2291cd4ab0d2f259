"""Leaves a slab of slices out of a volume: cut.py VOLUME.nii.gz LOW:HIGH FOLDER"""
import os
import sys

import nibabel

volume, folder = nibabel.load(sys.argv[1]), sys.argv[3]
low, high = map(int, sys.argv[2].split(":"))
os.makedirs(folder, exist_ok=True)
nibabel.save(volume.slicer[:, :, :low], f"{folder}/below.nii.gz")
nibabel.save(volume.slicer[:, :, high:], f"{folder}/above.nii.gz")
