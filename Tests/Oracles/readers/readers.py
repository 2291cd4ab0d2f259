"""Opens pyramids in the programs that people open them with, and says what each shows.

usage: readers.py JAR FILE...    JAR is Bio-Formats; FILE.raw, if there, holds the samples of level 0

Prints a JSON object a file: of each reader the sizes of the levels, um/px, objective power, names of
channels, and the largest difference of the samples of each level from those by tifffile; of tifffile, that
of level 0 from FILE.raw. A reader that opens nothing has an "error".
"""
import json, logging, os, re, subprocess, sys

# Libraries that print must not print between the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import large_image, numpy as np, openslide, pyvips, tifffile

logging.disable(logging.CRITICAL)
NOT_COMPARABLE = 1e9


def difference(seen, truth, where=None):
    """The largest difference of samples, at the pixels `where`."""
    seen = np.asarray(seen)
    seen = seen[..., None] if seen.ndim == 2 else seen
    if seen.shape != truth.shape or seen.dtype != truth.dtype:
        return NOT_COMPARABLE
    apart = np.abs(seen.astype(float) - truth.astype(float))
    return float((apart if where is None else apart[where]).max(initial=0))


def number(text):
    return None if text is None else float(text)


def stated(text):
    """um/px and power by OME-XML or an Aperio description."""
    found = (
        re.search(r'PhysicalSizeX="([^"]+)"|MPP = ([\d.]+)', text),
        re.search(r'NominalMagnification="([^"]+)"|AppMag = ([\d.]+)', text))
    return tuple(match and float(match[1] or match[2]) for match in found)


def can_decompress(codec):
    """Whether this build of libvips has a codec: without it, it shows black and says nothing."""
    try:
        pyvips.Image.black(16, 16).tiffsave_buffer(compression=codec)
        return True
    except pyvips.Error:
        return False


class Slide:
    """A file, by tifffile: what the other readers are compared with."""

    def __init__(self, path):
        self.path = path
        with tifffile.TiffFile(path) as file:
            page, series = file.pages[0], file.series[0]
            self.levels = [self.pixels(level) for level in series.levels]
            self.is_aperio = file.is_svs
            self.is_zstd = page.compression == tifffile.COMPRESSION.ZSTD
            self.has_alpha = tifffile.EXTRASAMPLE.UNASSALPHA in page.extrasamples
            text = file.ome_metadata or page.description
            mpp, power = stated(text)
            if mpp is None and page.resolutionunit == tifffile.RESUNIT.CENTIMETER:
                mpp = 1e4 / page.resolution[0]
        self.seen = {
            "levels": [[level.shape[1], level.shape[0]] for level in self.levels],
            "mpp": mpp, "power": power, "names": re.findall('<Channel [^>]*Name="([^"]*)"', text)}
        if os.path.exists(path + ".raw"):
            raw = np.fromfile(path + ".raw", self.levels[0].dtype)
            self.seen["differences"] = [difference(raw.reshape(self.levels[0].shape), self.levels[0])]

    @staticmethod
    def pixels(level):
        pixels = level.asarray()
        return pixels if "S" in level.axes else pixels[..., None]

    def differences(self, levels):
        return [difference(*pair) for pair in zip(levels, self.levels)]

    def open_slide(self):
        with openslide.OpenSlide(self.path) as slide:
            said, differences = slide.properties, []
            for number_of_level, truth in enumerate(self.levels[: slide.level_count]):
                size = slide.level_dimensions[number_of_level]
                pixels = np.asarray(slide.read_region((0, 0), number_of_level, size))
                if truth.dtype == np.uint16:  # it delivers 8 bits of them
                    truth = np.rint(truth / 257).astype(np.uint8)
                # What lies under transparency is not delivered.
                where = pixels[..., 3] == 255 if self.has_alpha else None
                if self.levels[0].dtype == np.uint16 and truth.shape[2] == 1:
                    # libtiff slants 16-bit grey in tiles that the right border cuts.
                    where = np.broadcast_to(np.arange(size[0]) < size[0] // 256 * 256, size[::-1])
                differences.append(difference(pixels[..., : truth.shape[2]], truth, where))
            return {
                "format": said["openslide.vendor"], "levels": [list(s) for s in slide.level_dimensions],
                "mpp": number(said.get("openslide.mpp-x")),
                "power": number(said.get("openslide.objective-power")), "differences": differences}

    def large_image(self):
        source = large_image.open(self.path, noCache=True)
        said, top = source.getMetadata(), source.levels - 1
        stored = sorted({source.getPreferredLevel(n) for n in range(source.levels)}, reverse=True)
        whole, _ = source.getRegion(format=large_image.constants.TILE_FORMAT_NUMPY)
        return {
            "format": source.name, "levels": [[source.sizeX >> top - n, source.sizeY >> top - n] for n in stored],
            "mpp": said["mm_x"] and 1000 * said["mm_x"], "power": said["magnification"],
            "names": said.get("channels") or [],
            "differences": self.differences([whole[..., : self.levels[0].shape[2]]])}

    def vips(self):
        image = pyvips.Image.new_from_file(self.path)
        fields = image.get_fields()
        count = image.get("n-subifds") if "n-subifds" in fields else 0
        if count:
            levels = [image] + [pyvips.Image.new_from_file(self.path, subifd=n) for n in range(count)]
        else:
            pages = image.get("n-pages") if "n-pages" in fields else 1
            levels = [
                pyvips.Image.new_from_file(self.path, page=n) for n in range(pages)
                if n != 1 or not self.is_aperio]  # the second page of an Aperio slide is its thumbnail
        text = image.get("image-description") if "image-description" in fields else ""
        shown = {
            "levels": [[level.width, level.height] for level in levels], "mpp": 1000 / image.xres,
            "power": stated(text)[1]}
        if not self.is_zstd or can_decompress("zstd"):
            shown["differences"] = self.differences([level.numpy() for level in levels])
        return shown

    def bio_formats(self, shown):
        if "error" in shown:
            return shown
        levels = []
        for n, (width, height) in enumerate(shown["levels"]):
            raw = f"{self.path}.{n}.raw"
            stored = self.levels[0].dtype.newbyteorder("<" if shown["isLittleEndian"] else ">")
            samples = np.fromfile(raw, stored).astype(self.levels[0].dtype)
            os.unlink(raw)
            if shown["isInterleaved"]:
                levels.append(samples.reshape(height, width, -1))
            else:
                levels.append(np.moveaxis(samples.reshape(-1, height, width), 0, -1))
        return shown | {"differences": self.differences(levels)}


def attempt(reader, *arguments):
    try:
        return reader(*arguments)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


jar, *paths = sys.argv[1:]
program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "BioFormats.java")
java = subprocess.run(["java", "-cp", jar, program, *paths], capture_output=True, text=True)
lines = java.stdout.splitlines()
if len(lines) != len(paths):
    sys.exit(f"Bio-Formats answered for {len(lines)} of {len(paths)} files: {java.stderr}")
for path, line in zip(paths, lines):
    slide = Slide(path)
    shown = {
        "tifffile": slide.seen, "OpenSlide": attempt(slide.open_slide),
        "large_image": attempt(slide.large_image), "libvips": attempt(slide.vips),
        "Bio-Formats": attempt(slide.bio_formats, json.loads(line))}
    print(json.dumps({"file": os.path.basename(path), "readers": shown}), file=answers)
