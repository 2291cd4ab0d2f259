"""What a CT without any network would be: its mean everywhere, and a cubic of the MRI's intensity.

usage: baselines.py MRI.nii.gz CT.nii.gz RESULT.nii.gz FOLDER

The head is where RESULT is not air; it is written as FOLDER/head.nii.gz, for `tessera evaluate --mask`.
"""
import sys

import nibabel
import numpy

mri, ct, result = [nibabel.load(path) for path in sys.argv[1:4]]
folder = sys.argv[4]
x, y, r = [numpy.asarray(image.dataobj).astype(float) for image in (mri, ct, result)]
head = r > -1024


def save(name, values, kind):
    image = nibabel.Nifti1Image(values.astype(kind), mri.affine)
    image.header.set_xyzt_units("mm")
    nibabel.save(image, f"{folder}/{name}.nii.gz")


curve = numpy.polyfit(x[head] / x.max(), y[head], 3)
save("head", head, numpy.uint8)
save("mean", numpy.where(head, y[head].mean(), -1024), numpy.float32)
save("regression", numpy.where(head, numpy.polyval(curve, x / x.max()), -1024), numpy.float32)
