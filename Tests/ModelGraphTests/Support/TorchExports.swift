/// Small networks as PyTorch's exporters write them, and what they give.
enum TorchExports {
  static let models = PythonOracle.models(program)

  /// Exporter, opset, and `free` where the size of the picture is.
  static let exporters = ["legacy-9", "legacy-11", "legacy-17", "legacy-17-free", "dynamo-18-free"]

  private static let program = """
    import sys, os, logging, torch
    import torch.nn as nn, torch.nn.functional as F
    logging.disable(logging.CRITICAL)
    torch.set_num_threads(1)
    folder = sys.argv[1]
    def seq(norm, between=None):
      return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), norm(8), nn.ReLU(),
        between or nn.Conv2d(8, 8, 3, stride=2, padding=1), norm(8), nn.ReLU(),
        nn.ConvTranspose2d(8, 3, 3, 2, 1, 1))
    class Written(nn.Module):
      def __init__(self, c): super().__init__()
      def forward(self, x):
        mean = x.mean((2, 3), keepdim=True)
        var = ((x - mean) ** 2).mean((2, 3), keepdim=True)
        return (x - mean) / torch.sqrt(var + 1e-5)
    class Varied(nn.Module):
      def __init__(self, c): super().__init__(); self.g = nn.Parameter(torch.randn(1, c, 1, 1))
      def forward(self, x):
        mean = x.mean(dim=[2, 3], keepdim=True)
        var = x.var(dim=[2, 3], keepdim=True, unbiased=False)
        return (x - mean) * torch.rsqrt(var + 1e-5) * self.g
    class SE(nn.Module):
      def __init__(self, c):
        super().__init__(); self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(nn.Linear(c, 4), nn.ReLU(), nn.Linear(4, c), nn.Sigmoid())
      def forward(self, x):
        b, c, _, _ = x.size()
        return x * self.fc(self.pool(x).view(b, c)).view(b, c, 1, 1)
    class Attended(nn.Module):
      def __init__(self, c): super().__init__(); self.f = nn.Conv2d(2 * c, c, 1)
      def forward(self, x):
        a = torch.cat([F.adaptive_avg_pool2d(x, 1), F.adaptive_max_pool2d(x, 1)], 1)
        return x * torch.sigmoid(self.f(a))
    class ChannelNorm(nn.Module):
      def __init__(self, c): super().__init__(); self.n = nn.LayerNorm(c)
      def forward(self, x): return self.n(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    class Shuffled(nn.Module):
      def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(12, 16, 3, padding=1), nn.Conv2d(16, 12, 3, padding=1)
      def forward(self, x):
        x = self.a(F.pixel_unshuffle(x, 2))
        b, c, h, w = x.shape
        x = x.view(b, 4, c // 4, h, w).transpose(1, 2).reshape(b, c, h, w)
        return F.pixel_shuffle(self.b(x), 2)
    class Resized(nn.Module):
      def __init__(self):
        super().__init__(); self.c = nn.Conv2d(3, 4, 3, stride=2); self.d = nn.Conv2d(8, 3, 3)
      def forward(self, x):
        y = self.c(F.pad(x, (1, 0, 1, 0), mode="reflect"))
        a = F.interpolate(y, scale_factor=2, mode="bilinear", align_corners=False)
        b = F.interpolate(y, size=x.shape[2:], mode="nearest")
        return self.d(F.pad(torch.cat([a, b], 1), (1, 1, 1, 1), mode="replicate"))
    class Cropped(nn.Module):
      def __init__(self):
        super().__init__(); self.c = nn.Conv2d(3, 4, 3, padding=2); self.d = nn.PReLU(4)
        self.e = nn.Conv2d(4, 3, 1)
      def forward(self, x):
        y = self.d(self.c(x))[:, :, 1:-1, 1:-1]
        a, b = y.chunk(2, 1)
        y = torch.cat([F.gelu(b), F.hardswish(a)], 1)
        return torch.clamp(self.e(y * F.softmax(y, 1)), -2, 2)
    class SelfAttention(nn.Module):
      def __init__(self): super().__init__(); self.q = nn.Conv2d(3, 3, 1)
      def forward(self, x):
        b, c, h, w = x.shape
        f = self.q(x).view(b, c, h * w)
        return torch.bmm(f, torch.softmax(torch.bmm(f.transpose(1, 2), f), -1)).view(b, c, h, w) + x
    class Corners(nn.Module):
      def forward(self, x): return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)
    class Placed(nn.Module):
      def __init__(self): super().__init__(); self.p = nn.Parameter(torch.randn(1, 3, 32, 48))
      def forward(self, x): return x + self.p
    class Flat(nn.Module):
      def __init__(self): super().__init__(); self.f = nn.Linear(3 * 32 * 48, 3)
      def forward(self, x): return x * self.f(torch.flatten(x, 1)).view(1, 3, 1, 1)
    modules = {
      "instance": seq(lambda c: nn.InstanceNorm2d(c, affine=True)),
      "instance-plain": seq(nn.InstanceNorm2d),
      "written": seq(Written), "varied": seq(Varied), "group": seq(lambda c: nn.GroupNorm(2, c)),
      "single-group": seq(lambda c: nn.GroupNorm(1, c)),
      "excited": seq(SE), "attended": seq(Attended), "channel-norm": seq(ChannelNorm),
      "shuffled": Shuffled(), "resized": Resized(), "cropped": Cropped(),
      "batch": seq(nn.BatchNorm2d), "batch-training": seq(nn.BatchNorm2d),
      "space-norm": nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.LayerNorm([3, 32, 48])),
      "self-attention": SelfAttention(), "corners": Corners(), "placed": Placed(), "flat": Flat(),
    }
    def save(name, x):
      x.detach().contiguous().numpy().tofile(os.path.join(folder, name))
      open(os.path.join(folder, name + ".shape"), "w").write(" ".join(map(str, x.shape)))
    for name, module in modules.items():
      torch.manual_seed(len(name))
      for p in module.parameters(): nn.init.normal_(p, 0.1, 0.3)
      for m in module.modules():
        if isinstance(m, nn.BatchNorm2d): nn.init.uniform_(m.running_var, 0.5, 2)
      module.train(name == "batch-training")
      first, second = torch.randn(1, 3, 32, 48) * 2 + 1, torch.randn(1, 3, 64, 40) + 1
      save(name + ".in", first); save(name + ".in2", second)
      for exporter in "EXPORTERS".split():
        kind, opset, *free = exporter.split("-")
        path = os.path.join(folder, name + "-" + exporter + ".onnx")
        arguments = dict(opset_version=int(opset), input_names=["input"], output_names=["output"])
        try:
          if kind == "legacy":
            if free: arguments["dynamic_axes"] = {"input": {2: "h", 3: "w"}}
            if module.training: arguments["training"] = torch.onnx.TrainingMode.TRAINING
            torch.onnx.export(module, (first,), path, dynamo=False, do_constant_folding=not module.training, **arguments)
          else:
            d = torch.export.Dim
            if free: arguments["dynamic_shapes"] = [{2: 8 * d("h", min=2), 3: 8 * d("w", min=2)}]
            torch.onnx.export(module, (first,), path, dynamo=True, external_data=False, verbose=False, **arguments)
        except Exception as error:
          if os.path.exists(path): os.remove(path)
          sys.stderr.write(f"{name} {exporter}: {type(error).__name__} {str(error)[:200]}\\n")
      with torch.no_grad():
        save(name + ".out", module(first))
        try: save(name + ".out2", module(second))
        except Exception: pass
    """.replacing("EXPORTERS", with: exporters.joined(separator: " "))
}
