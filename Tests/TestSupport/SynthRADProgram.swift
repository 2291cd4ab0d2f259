/// SynthRAD 2025's figures of CT volumes, for oracles in Python.
public enum SynthRADProgram {
  /// `figures(result, target, mask, high)` of arrays, slices first: MAE, PSNR and MS-SSIM, after the
  /// definitions of the challenge's image_metrics.py.
  public static let definition = """
    import numpy as np
    from scipy.ndimage import uniform_filter
    from scipy.signal import fftconvolve
    def figures(result, target, mask, high):
      shape = result.shape
      mask = np.where(mask > 0, 1., 0.)
      gt, pred = (np.where(mask == 0, -1024, v) for v in (target, result))
      mae = np.abs(gt * mask - pred * mask).sum() / mask.sum()
      gt, pred = (np.clip(v, -1024, high) for v in (gt, pred))
      width = high + 1024
      square = ((gt - pred)[mask == 1] ** 2).mean()
      psnr = 10 * np.log10(width ** 2 / square)
      x, y = gt + 1024, pred + 1024
      pads = [((max(0, 97 - n) // 2), max(0, 97 - n) - max(0, 97 - n) // 2) for n in shape]
      x, y, mask = (np.pad(v, pads, mode="edge") for v in (x, y, mask))
      product, cov = 1.0, 343 / 342
      for weight in [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]:
        f = lambda v: uniform_filter(v, size=7)
        ux, uy = f(x), f(y)
        vx, vy = cov * (f(x * x) - ux * ux), cov * (f(y * y) - uy * uy)
        vxy = cov * (f(x * y) - ux * uy)
        sx, sy = np.sqrt(np.clip(vx, 0, None)), np.sqrt(np.clip(vy, 0, None))
        c1, c2 = (0.01 * width) ** 2, (0.03 * width) ** 2
        l = np.clip((2 * ux * uy + c1) / (ux * ux + uy * uy + c1), 0, None)
        c = np.clip((2 * sx * sy + c2) / (vx + vy + c2), 0, None)
        s = np.clip((vxy + c2 / 2) / (sx * sy + c2 / 2), 0, None)
        value = l ** weight * c ** weight * s ** weight
        inner = (slice(3, -3),) * 3
        product *= np.clip(value[inner][mask[inner].astype(bool)].mean(), 0, 1)
        kernel = np.ones((2, 2, 2)) / 8
        x, y = (fftconvolve(v, kernel, mode="same")[::2, ::2, ::2] for v in (x, y))
        mask = mask[::2, ::2, ::2]
      return [float(mae), float(psnr), float(product)]
    """
}
