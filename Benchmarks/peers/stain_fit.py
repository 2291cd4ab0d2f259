"""Reference of the proposed default of stain-normalization (H&E): gates, glass, tissue, ink, fit, map.

numpy and scipy only. translate(image) -> (result, report); fit(overview) -> Fit or a reason."""
import numpy as np
from dataclasses import dataclass
from scipy import ndimage as ndi

# ---- Built in: target and prior, torchstain's, with its white.
TARGET_STAINS = np.array([[.5626, .7201, .4062], [.2159, .8012, .5581]]).T
TARGET_STRENGTH = np.array([1.9705, 1.0308])
TARGET_GLASS = 240.0
# ---- Constants
MINIMUM_PIXELS = 256        # nothing is measured on fewer
DARKEST = 25                # brightest channel below: no light, no tissue
STAINED = 0.15              # mean density of stained tissue
PRIOR = 0.5                 # weight of the built-in stains against the image's
TAIL = 5                    # per cent left out on each side: of the angle, and of a concentration
TOP = 1.25                  # the 99th percentile of a concentration over the 95th
# glass
FLAT = 8                    # levels between the extremes of 3 x 3 px
DIMMEST_GLASS = 100
GLASS_SHARE = 0.01          # of the overview
PEAK = 4                    # half width of the peak in levels
ABOVE = 0.1                 # brighter pixels, of those in the peak, at most
GREEN_DEFICIT = 0.06        # ln(sqrt(R B) / G) of a lamp, at most
BLUE_EXCESS = 0.1           # ln(B / R) of a lamp, at most
TINT_SHARE = 0.1            # a peak with this share may have a colour of stain,
TINT_DEFICIT = 0.21         # up to this
# ink
RED_OVER_GREEN = 1.2
BLUE_OVER_GREEN = 0.85
INK_SHARE = 1 / 20_000      # a connected area of the overview
INK_MARGIN = 4              # px around it
# gates on what is stained
GREATEST_WARM = 0.25        # share that takes as much blue as green: AEC, DAB, photographs
GREATEST_ODD = 0.6          # share that is ink by the rule above
GREATEST_BROWN = 0.05       # share that takes blue most, and red too: DAB

LOG = -np.log(np.maximum(np.arange(256), 1) / 255.0)

def density(pixels, glass):
    return LOG[pixels] + np.log(np.asarray(glass, float) / 255)

# ---- Gates of today (PlausibleSlide, LightSpread)
def light_fault(a):
    p = a.reshape(-1, 3).astype(int); mx, mn = p.max(1), p.min(1)
    black = (mx < 25); lit = (~black).sum()
    if lit == 0: return None
    bs = black.mean(); dim = ((mx < 80) & ~black).sum() / lit
    if dim > (.2 if bs > .1 else .5): return f"fluorescence: {bs:.0%} black, {dim:.0%} dim"
    pure = ((10 * mn < mx) & ~black).sum() / lit
    if pure > .5: return f"fluorescence or map: {pure:.0%} of one colour"
    k = (mx < 250) & (mx - mn >= 25)
    if k.sum() < MINIMUM_PIXELS: return None
    def spread(v):
        v = np.sort(v); t = len(v) // 20; return np.sqrt(v[len(v) - 1 - t]) - np.sqrt(v[t])
    b, m = spread(mx[k]), spread(mn[k])
    return f"fluorescence: spread {b / max(m, 1e-9):.2f}" if b > 1 and b > 1.1 * m else None

# ---- Glass
def find_glass(a):
    """Colour of the glass (R, G, B levels) or None: a flat peak with nothing brighter above it."""
    g = a.astype(np.int16).sum(-1)
    seen = g < 765                                  # 255 in all channels: clipped, or never scanned
    flat = (ndi.maximum_filter(g, 3) - ndi.minimum_filter(g, 3) <= 3 * FLAT) & seen
    level = (g + 1) // 3
    n = level.size
    hist = np.bincount(level[flat], minlength=256)[:256]
    every = np.bincount(level[seen], minlength=256)[:256]
    c = np.concatenate([[0], np.cumsum(hist)])
    window = np.array([c[min(255, l + PEAK) + 1] - c[max(0, l - PEAK)] for l in range(256)])
    above = np.array([every[l + 2 * PEAK + 1:].sum() for l in range(256)])
    for l in range(255, DIMMEST_GLASS - 1, -1):
        if window[l] < max(MINIMUM_PIXELS, GLASS_SHARE * n): continue
        while l > DIMMEST_GLASS and window[l - 1] >= window[l]: l -= 1   # the top of the peak
        if above[l] > ABOVE * window[l]: return None
        color = np.median(a[flat & (abs(level - l) <= PEAK)], axis=0)
        r, gr, b = np.maximum(color, 1)
        deficit, blue = .5 * np.log(r * b) - np.log(gr), np.log(b / r)
        lamp = deficit <= GREEN_DEFICIT and blue <= BLUE_EXCESS
        plain = deficit <= TINT_DEFICIT and window[l] >= TINT_SHARE * n
        return color if lamp or plain else None
    return None

def balanced(a, glass):
    return np.clip(np.floor(a / (glass / 255.0) + .5), 0, 255).astype(np.uint8)

# ---- Tissue of today (TissueMask)
def otsu(s):
    h = np.bincount(s.ravel(), minlength=256).astype(float); t = h.sum(); v = np.arange(256)
    b, sb = np.cumsum(h), np.cumsum(h * v); ok = (b > 0) & (b < t); var = np.zeros(256)
    d = sb[ok] / b[ok] - (sb[-1] - sb[ok]) / (t - b[ok]); var[ok] = b[ok] * (t - b[ok]) * d * d
    return int(np.argmax(var))

def replace_regions(m, value, minimum):
    lab, n = ndi.label(m == value)
    if n == 0: return m
    small = np.bincount(lab.ravel()) < minimum; small[0] = False
    m = m.copy(); m[small[lab]] = not value
    return m

def tissue_mask(a):
    mx, mn = a.max(-1).astype(np.uint32), a.min(-1).astype(np.uint32)
    rec = np.array([0 if i < DARKEST else 255 * 256 // i for i in range(256)], np.uint32)
    s = (((mx - mn) * rec[mx]) >> 8).astype(np.uint8)
    m = s > max(13, min(40, otsu(s)))
    m = replace_regions(m, True, max(4, m.size // 20_000))
    return replace_regions(m, False, max(4, m.size // 2_000))

# ---- Ink: what H&E cannot be. H&E takes green most.
def ink_mask(a, d):
    mx, mn = a.max(-1).astype(int), a.min(-1).astype(int)
    r, g, b = d[..., 0], d[..., 1], d[..., 2]
    odd = (d.mean(-1) >= 2 * STAINED) & ((r > RED_OVER_GREEN * g) | (b > BLUE_OVER_GREEN * g))
    odd |= (10 * mn < mx) | (mx < DARKEST)
    lab, n = ndi.label(odd)
    if n == 0: return odd, odd
    big = np.bincount(lab.ravel()) >= max(16, odd.size * INK_SHARE); big[0] = False
    solid = big[lab]
    near = ndi.maximum_filter(solid, 2 * INK_MARGIN + 1) if solid.any() else solid
    return odd | near, near

# ---- Stains
def unit(v): return v / np.linalg.norm(v, axis=0)

def macenko(d):
    w, V = np.linalg.eigh(d.T @ d / len(d)); e1, e2 = V[:, 2], V[:, 1]
    if e1[0] < 0: e1 = -e1
    q = np.percentile(np.arctan2(d @ e2, d @ e1), (TAIL, 100 - TAIL))
    v = [unit(np.cos(t) * e1 + np.sin(t) * e2) for t in q]
    return np.stack(v if v[0][0] > v[1][0] else v[::-1], 1)

@dataclass
class Fit:
    glass: np.ndarray; found: bool; raw: np.ndarray; stains: np.ndarray; strength: np.ndarray
    matrix: np.ndarray; tissue: np.ndarray; ink: np.ndarray

def angle(S): return np.degrees(np.arccos(np.clip(S[:, 0] @ S[:, 1], -1, 1)))

def windows(ov, reduction, size=128, count=64):
    """Corners (x, y) of cells of level 0 with tissue: all, or those at regular spacing in the tissue."""
    glass = find_glass(ov); b = balanced(ov, np.full(3, 255.) if glass is None else glass)
    ys, xs = np.nonzero(tissue_mask(b))
    cells = list(dict.fromkeys(zip(xs * reduction // size * size, ys * reduction // size * size)))
    if len(cells) <= count: return cells
    pick = (np.arange(count) * len(ys) + len(ys) // 2) // count
    return list(dict.fromkeys(zip(xs[pick] * reduction // size * size, ys[pick] * reduction // size * size)))

def fit_slide(a, limit=1 << 22):
    """As the engine would: overview, and where that is reduced by more than 2, windows of level 0 side by side."""
    ov = overview(a, limit); r = a.shape[1] // ov.shape[1]
    if r <= 2 : return fit(ov)
    if fault := light_fault(ov): return fault
    w = windows(ov, r)
    if not w: return "no tissue"
    cut = [a[y:y + 128, x:x + 128] for x, y in w]
    cut = [np.pad(c, ((0, 128 - c.shape[0]), (0, 128 - c.shape[1]), (0, 0)), mode="edge") for c in cut]
    return fit(np.concatenate(cut), glass=find_glass(ov), gate=False)

def fit(a, target=(TARGET_STAINS, TARGET_STRENGTH), glass=False, gate=True):
    """Fit of an overview (uint8 RGB), or the reason for none."""
    if gate and (fault := light_fault(a)): return fault
    found = find_glass(a) if glass is False else glass
    glass = np.full(3, 255.0) if found is None else np.maximum(found, 1)
    mask = tissue_mask(balanced(a, glass))
    d = density(a, glass)
    ink, _ = ink_mask(a, d)
    use = mask & ~ink
    c = d[use]; t = c[c.mean(1) >= STAINED]
    s = d[mask]; s = s[s.mean(1) >= STAINED]; n = max(len(s), 1)
    s = s[s.mean(1) >= 2 * STAINED]
    brown = ((s[:, 2] > 1.1 * s[:, 1]) & (s[:, 2] > 1.1 * s[:, 0]) & (s[:, 0] > .2 * s[:, 1])).sum() / n
    warm = (s[:, 2] > BLUE_OVER_GREEN * s[:, 1]).sum() / n
    if brown > GREATEST_BROWN: return f"not H&E: {brown:.0%} of what is stained is brown as DAB"
    seen = mask & (d.mean(-1) >= STAINED)
    if (ink & seen).sum() > GREATEST_ODD * n: return f"not H&E: {(ink & seen).sum() / n:.0%} of what is stained is no stain of H&E"
    if warm > GREATEST_WARM: return f"not H&E: {warm:.0%} of what is stained takes as much blue as green"
    if len(t) < MINIMUM_PIXELS: return f"too little stained tissue: {len(t)} px"
    raw = macenko(t)
    if raw[2, 1] > .9 * raw[1, 1]: return f"not H&E: second stain takes {raw[2, 1] / raw[1, 1]:.2f} times as much blue as green"
    if raw.min() < -.1: return "a stain vector points away from positive densities"
    S = unit((1 - PRIOR) * raw + PRIOR * TARGET_STAINS)
    if angle(S) < 5 or angle(raw) > 75: return f"stain vectors {angle(raw):.1f} degrees apart"
    P = np.linalg.pinv(S)
    m = TOP * np.percentile(c @ P.T, 100 - TAIL, axis=0)
    if not ((m >= .05) & (m <= 20)).all(): return f"concentrations reach {m.round(3)}"
    n0 = m.copy()
    # Half of what the ratio of the stains differs from that of the built-in: tissue, not staining.
    shift = (m[1] / m[0]) / (TARGET_STRENGTH[1] / TARGET_STRENGTH[0])
    m = m * np.array([shift, 1 / shift]) ** (PRIOR / 2)
    T, n = target
    M = T @ np.diag(n / m) @ P
    if abs(M).sum(1).max() > 12: return f"amplified {abs(M).sum(1).max():.1f}-fold"
    cov = np.cov(t.T); u = np.ones(3); v = M.T @ u
    fid = u @ cov @ v / np.sqrt((u @ cov @ u) * (v @ cov @ v))
    if m[1] > 1.5 * m[0] and fid < .8: return f"second stain {m[1] / m[0]:.1f} times as dense, correlation {fid:.2f}"
    return Fit(glass, found is not None, raw, S, m, M, mask, ink)

def apply(f, a):
    o = TARGET_GLASS * np.exp(-(density(a, f.glass) @ f.matrix.T))
    return np.clip(np.round(o), 0, 255).astype(np.uint8)

def overview(a, limit=1 << 22):
    r = 1
    while (a.shape[1] // r) * (a.shape[0] // r) > limit: r *= 2
    if r == 1: return a
    h, w = a.shape[0] // r * r, a.shape[1] // r * r
    return np.round(a[:h, :w].reshape(h // r, r, w // r, r, 3).mean((1, 3))).astype(np.uint8)

def translate(a):
    f = fit(overview(a))
    return (a, f) if isinstance(f, str) else (apply(f, a), f)
