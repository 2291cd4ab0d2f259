"""Measures stain normalization on real tiles and slides and rewrites the table in its page.

usage: evidence.py PROGRAM DATA PAGE
DATA is the folder of shared test data. numpy, scikit-image, Pillow, torchstain and openslide-python are
needed. tiatoolbox's methods are those of --set compat=tiatoolbox, which the tests hold to one level."""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2gray, rgb2lab
from skimage.metrics import structural_similarity
from torchstain.numpy.normalizers import NumpyMacenkoNormalizer

program, data, page = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
work = Path(tempfile.mkdtemp(prefix="tessera-evidence-"))


def read(path):
    return np.asarray(Image.open(path).convert("RGB"))


def density(a):
    return -np.log(np.maximum(a, 1) / 255.0)


TISSUE = [
    ("channels differ by 25", lambda a: (a.max(-1).astype(int) - a.min(-1)) > 25),
    ("density 0.15 in all", lambda a: (density(a) > 0.15).all(-1)),
    ("mean density 0.25", lambda a: density(a).mean(-1) > 0.25),
    ("all pixels", lambda a: np.ones(a.shape[:2], bool)),
]


def translate(name, files, settings=()):
    """The path of each result by the name of its source, and the reason where it was copied."""
    folder = work / name
    arguments = [program, "translate", *map(str, files), "--output", str(folder), "--pair",
                 "stain-normalization", "--json", "--overwrite"]
    for setting in settings:
        arguments += ["--set", setting]
    folder.mkdir()
    lines = subprocess.run(arguments, capture_output=True, text=True).stdout.splitlines()
    outcomes = {Path(o["input"]).name: o for o in map(json.loads, lines)}
    return {n: (o["output"], o.get("reason")) for n, o in outcomes.items()}


# ---- Tiles of five hospitals
tiles = sorted((data / "stain/camelyon17").glob("centre_*/*.png"))
sources = {t.name: read(t) for t in tiles}
masks = [{n: mask(a) for n, a in sources.items()} for _, mask in TISSUE]


def white(a):
    return 100 * (a >= 250).all(-1).mean()


def figures(results):
    scatter = []
    for chosen in masks:
        means = np.array([rgb2lab(results[n] / 255)[chosen[n]].mean(0) for n in sources])
        scatter.append(float(np.sqrt(means.var(0).sum())))
    ssim = [structural_similarity(rgb2gray(sources[n]), rgb2gray(results[n]), data_range=1)
            for n in sources]
    bleached = [white(results[n]) - white(sources[n]) for n in sources]
    return scatter, np.mean(ssim), min(ssim), np.mean(bleached), max(bleached)


rows = [("source", figures(sources))]
for name, settings in [
        ("**macenko**", []), ("macenko, `glass=keep`", ["glass=keep"]), ("vahadane", ["method=vahadane"]),
        ("ruifrok", ["method=ruifrok"]), ("reinhard", ["method=reinhard"]),
        ("tiatoolbox, Macenko", ["compat=tiatoolbox"])]:
    results = translate(str(len(rows)), tiles, settings)
    copied = sum(1 for _, reason in results.values() if reason)
    rows.append((f"{name}{f' ({copied} copied)' if copied else ''}",
                 figures({n: read(path) for n, (path, _) in results.items()})))
rows.append(("torchstain, Macenko", figures(
    {n: NumpyMacenkoNormalizer().normalize(a, stains=False)[0].astype(np.uint8)
     for n, a in sources.items()})))

lines = ["| 20 tiles of five hospitals, built-in target | " + " | ".join(n for n, _ in TISSUE)
         + " | SSIM of luminance, mean (lowest) | white pixels, change in % (most) |",
         "|---|" + "---|" * (len(TISSUE) + 2)]
for name, (scatter, mean, lowest, change, most) in rows:
    lines.append(f"| {name} | " + " | ".join(f"{s:.2f}" for s in scatter)
                 + f" | {mean:.3f} ({lowest:.3f}) | {change:+.2f} ({most:+.2f}) |")

# ---- A slide with ink, and in front of other glass
import openslide  # noqa: E402

slide = openslide.OpenSlide(str(data / "slides/CMU-1-Small-Region.svs"))
clean = np.asarray(slide.read_region((0, 0), 0, slide.dimensions).convert("RGB"))
height, width = clean.shape[:2]
lines += ["", "| CMU-1-Small-Region, against the clean slide on white glass | dE of the tissue | glass |",
          "|---|---|---|"]


def save(name, a):
    path = work / f"{name}.png"
    Image.fromarray(a).save(path)
    return path


y, x = np.mgrid[:height, :width]
line = np.abs(y - height / 2 - 0.35 * (x - width / 2)) / np.hypot(1, 0.35)
thickness = 0.03 * height * width / (width * np.hypot(1, 0.35))
inputs = [("clean", clean)]
for name, ink in [("red", (190, 30, 40)), ("green", (20, 120, 60)), ("blue", (30, 50, 150)),
                  ("black", (25, 25, 30))]:
    cover = np.clip((thickness / 2 - line) / 3 + 0.5, 0, 1)[..., None]
    inputs.append((f"pen-{name}", np.round(clean * (1 - cover) + np.array(ink) * cover).astype(np.uint8)))
for name, glass in [("yellow", (225, 215, 185)), ("dark", (150, 150, 150)), ("blue", (215, 225, 240))]:
    inputs.append((f"glass-{name}", np.round(clean / 245.0 * np.array(glass)).clip(0, 255).astype(np.uint8)))
results = translate("slide", [save(n, a) for n, a in inputs])
reference = read(results["clean.png"][0])
lab = rgb2lab(reference / 255)
tissue = density(clean).mean(-1) > 0.15
bright = (clean.min(-1) > 235)
for name, _ in inputs[1:]:
    path, reason = results[f"{name}.png"]
    result = read(path)
    counted = tissue & (line > thickness / 2 + 8) if name.startswith("pen") else tissue
    difference = deltaE_ciede2000(lab, rgb2lab(result / 255))[counted].mean()
    glass = np.median(result[bright & (line > thickness / 2 + 8)], axis=0).astype(int)
    lines.append(f"| {name.replace('pen-', 'pen over 3 %: ').replace('glass-', 'glass: ')} | "
                 + (f"copied: {reason}" if reason else f"{difference:.2f}")
                 + f" | {', '.join(map(str, glass))} |")

# ---- What is refused
lines += ["", "| copied, with the reason | of |", "|---|---|"]
groups = [("H&E, five hospitals", tiles)]
for name, pattern in [("H&E, dsb2018, white ground", "stain/dsb2018/white_bg/*"),
                      ("H&E, dsb2018, purple ground", "stain/dsb2018/purple_bg/*"),
                      ("H-DAB", "stain/ihc/ihc.png"), ("fluorescence, real", "slides/dapi.ndpi")]:
    groups.append((name, sorted(data.glob(pattern))))
for index, (name, files) in enumerate(groups):
    if not files:
        continue
    outcomes = translate(f"refused{index}", files)
    lines.append(f"| {name}: {sum(1 for _, reason in outcomes.values() if reason)} | {len(files)} |")

text = page.read_text()
start, end = "<!-- evidence -->", "<!-- end of evidence -->"
before, rest = text.split(start, 1)
after = rest.split(end, 1)[1]
page.write_text(f"{before}{start}\n{chr(10).join(lines)}\n{end}{after}")
print("\n".join(lines))
