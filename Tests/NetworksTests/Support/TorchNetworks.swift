import Foundation
import TestSupport

/// The published networks written for PyTorch from their description, with random weights.
///
/// `TESSERA_ORACLE_PYTHON` names a Python that has torch.
enum TorchNetworks {
  static let python = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
    .flatMap { ExternalTool($0) }
    .flatMap { (try? $0.run(["-c", "import torch"]))?.status == 0 ? $0 : nil }

  /// A folder with CASE.pth, CASE.in0.npy, CASE.out0.npy and so on for every case, made once.
  static let folder: Result<TemporaryDirectory, any Error> = Result {
    guard let python else { throw ToolFailure("no Python with torch") }
    let folder = try TemporaryDirectory()
    let result = try python.run(["-c", script, folder.url.path])
    if result.status != 0 { throw ToolFailure(result.errors) }
    return folder
  }

  private static let script = #"""
    import sys, numpy as np, torch
    from torch import nn
    import torch.nn.functional as F
    from torch.nn.utils import spectral_norm as sn
    torch.manual_seed(7)
    folder = sys.argv[1]
    S = nn.Sequential
    lrelu = lambda: nn.LeakyReLU(0.2)
    def norm(kind, c):
        if kind == "batch": return nn.BatchNorm2d(c)
        return nn.InstanceNorm2d(c) if kind == "instance" else nn.Identity()

    class Down(nn.Module):
        def __init__(self, c):
            super().__init__()
            a = torch.tensor([1., 2., 1.])
            self.register_buffer("filt", (a[:, None] * a / 16).repeat(c, 1, 1, 1))
        def forward(self, x):
            return F.conv2d(F.pad(x, (1,) * 4, mode="reflect"), self.filt, stride=2, groups=x.shape[1])
    class Up(nn.Module):
        def __init__(self, c):
            super().__init__()
            a = torch.tensor([1., 3., 3., 1.])
            self.register_buffer("filt", (a[:, None] * a / 64 * 4).repeat(c, 1, 1, 1))
        def forward(self, x):
            y = F.conv_transpose2d(
                F.pad(x, (1,) * 4, mode="replicate"), self.filt, stride=2, padding=2, groups=x.shape[1])
            return y[:, :, 1:, 1:][:, :, :-1, :-1]

    class Block(nn.Module):
        def __init__(self, c, kind, bias, dropout=False):
            super().__init__()
            self.conv_block = S(
                nn.ReflectionPad2d(1), nn.Conv2d(c, c, 3, bias=bias), norm(kind, c), nn.ReLU(),
                *([nn.Dropout(0.5)] if dropout else []),
                nn.ReflectionPad2d(1), nn.Conv2d(c, c, 3, bias=bias), norm(kind, c))
        def forward(self, x): return x + self.conv_block(x)
    def resnet_layers(i, w, downs, blocks, kind, bias, dropout=False, aad=False, aau=False):
        m = [nn.ReflectionPad2d(3), nn.Conv2d(i, w, 7, bias=bias), norm(kind, w), nn.ReLU()]
        c = w
        for _ in range(downs):
            m += [nn.Conv2d(c, 2 * c, 3, 1 if aad else 2, 1, bias=bias), norm(kind, 2 * c), nn.ReLU()]
            c *= 2
            if aad: m.append(Down(c))
        m += [Block(c, kind, bias, dropout) for _ in range(blocks)]
        for _ in range(downs):
            if aau: m += [Up(c), nn.Conv2d(c, c // 2, 3, 1, 1, bias=bias)]
            else: m.append(nn.ConvTranspose2d(c, c // 2, 3, 2, 1, output_padding=1, bias=bias))
            c //= 2
            m += [norm(kind, c), nn.ReLU()]
        return m
    class ResNet(nn.Module):
        def __init__(self, i=3, o=3, w=6, *rest, residual=False, **more):
            super().__init__()
            self.model = S(*resnet_layers(i, w, *rest, **more),
                           nn.ReflectionPad2d(3), nn.Conv2d(w, o, 7), nn.Tanh())
            if residual: self.register_buffer("residual", torch.ones(1))
        def forward(self, x):
            y = self.model(x)
            return torch.clamp(x + y, -1, 1) if hasattr(self, "residual") else y
    class Local(nn.Module):
        def __init__(self, i, o, w, n, downs, blocks, local):
            super().__init__()
            self.n = n
            self.model = S(*resnet_layers(i, w << n, downs, blocks, "instance", True))
            for k in range(1, n + 1):
                c = w << (n - k)
                down = S(nn.ReflectionPad2d(3), nn.Conv2d(i, c, 7), norm("instance", c), nn.ReLU(),
                         nn.Conv2d(c, 2 * c, 3, 2, 1), norm("instance", 2 * c), nn.ReLU())
                up = [Block(2 * c, "instance", True) for _ in range(local)]
                up += [nn.ConvTranspose2d(2 * c, c, 3, 2, 1, output_padding=1), norm("instance", c), nn.ReLU()]
                if k == n: up += [nn.ReflectionPad2d(3), nn.Conv2d(w, o, 7), nn.Tanh()]
                setattr(self, f"model{k}_1", down)
                setattr(self, f"model{k}_2", S(*up))
        def forward(self, x):
            xs = [x]
            for _ in range(self.n):
                xs.append(F.avg_pool2d(xs[-1], 3, 2, 1, count_include_pad=False))
            y = self.model(xs[self.n])
            for k in range(1, self.n + 1):
                y = getattr(self, f"model{k}_2")(getattr(self, f"model{k}_1")(xs[self.n - k]) + y)
            return y

    class Level(nn.Module):
        def __init__(self, outer, inner, kind, bias, i=None, sub=None, last=None):
            super().__init__()
            self.outermost = last is not None
            conv = nn.Conv2d(i or outer, inner, 4, 2, 1, bias=bias)
            up = lambda c, o, b: nn.ConvTranspose2d(c, o, 4, 2, 1, bias=b)
            if self.outermost: m = [conv, sub, nn.ReLU(), up(2 * inner, last, True), nn.Tanh()]
            elif sub is None: m = [lrelu(), conv, nn.ReLU(), up(inner, outer, bias), norm(kind, outer)]
            else: m = [lrelu(), conv, norm(kind, inner), sub, nn.ReLU(), up(2 * inner, outer, bias),
                       norm(kind, outer), nn.Dropout(0.5)]
            self.model = S(*m)
        def forward(self, x):
            return self.model(x) if self.outermost else torch.cat([x, self.model(x)], 1)
    class UNet(nn.Module):
        def __init__(self, i, o, w, downs, kind):
            super().__init__()
            b = kind == "instance"
            x = Level(8 * w, 8 * w, kind, b)
            for _ in range(downs - 5): x = Level(8 * w, 8 * w, kind, b, sub=x)
            for c in [4 * w, 2 * w, w]: x = Level(c, 2 * c, kind, b, sub=x)
            self.model = Level(o, w, kind, b, i=i, sub=x, last=o)
        def forward(self, x): return self.model(x)

    class SPADE(nn.Module):
        def __init__(self, c, labels, kind):
            super().__init__()
            self.param_free_norm = nn.BatchNorm2d(c, affine=False) if kind == "batch" else norm(kind, c)
            self.mlp_shared = S(nn.Conv2d(labels, 16, 3, 1, 1), nn.ReLU())
            self.mlp_gamma = nn.Conv2d(16, c, 3, 1, 1)
            self.mlp_beta = nn.Conv2d(16, c, 3, 1, 1)
        def forward(self, x, seg):
            a = self.mlp_shared(F.interpolate(seg, size=x.shape[2:], mode="nearest"))
            return self.param_free_norm(x) * (1 + self.mlp_gamma(a)) + self.mlp_beta(a)
    class SPADEBlock(nn.Module):
        def __init__(self, i, o, labels, kind, spectral):
            super().__init__()
            s = sn if spectral else (lambda x: x)
            m = min(i, o)
            self.conv_0, self.conv_1 = s(nn.Conv2d(i, m, 3, 1, 1)), s(nn.Conv2d(m, o, 3, 1, 1))
            if i != o: self.conv_s = s(nn.Conv2d(i, o, 1, bias=False))
            self.norm_0, self.norm_1 = SPADE(i, labels, kind), SPADE(m, labels, kind)
            if i != o: self.norm_s = SPADE(i, labels, kind)
        def forward(self, x, seg):
            skip = self.conv_s(self.norm_s(x, seg)) if hasattr(self, "conv_s") else x
            y = self.conv_0(F.leaky_relu(self.norm_0(x, seg), 0.2))
            return skip + self.conv_1(F.leaky_relu(self.norm_1(y, seg), 0.2))
    class SPADEGenerator(nn.Module):
        def __init__(self, labels, w, ups, kind="batch", spectral=True, z=None, size=None):
            super().__init__()
            self.ups, self.size, self.w = ups, size, w
            self.fc = nn.Linear(z, 16 * w * size[0] * size[1]) if z else nn.Conv2d(labels, 16 * w, 3, 1, 1)
            block = lambda i, o: SPADEBlock(i, o, labels, kind, spectral)
            self.head_0, self.G_middle_0, self.G_middle_1 = [block(16 * w, 16 * w) for _ in range(3)]
            self.up_0, self.up_1 = block(16 * w, 8 * w), block(8 * w, 4 * w)
            self.up_2, self.up_3 = block(4 * w, 2 * w), block(2 * w, w)
            if ups == "most": self.up_4 = block(w, w // 2)
            self.conv_img = nn.Conv2d(w // 2 if ups == "most" else w, 3, 3, 1, 1)
        def forward(self, seg, z=None):
            up = lambda x: F.interpolate(x, scale_factor=2, mode="nearest")
            n = {"normal": 5, "more": 6, "most": 7}[self.ups]
            if z is None:
                x = self.fc(F.interpolate(seg, size=[v >> n for v in seg.shape[2:]], mode="nearest"))
            else: x = self.fc(z).view(-1, 16 * self.w, *self.size)
            x = self.G_middle_0(up(self.head_0(x, seg)), seg)
            if self.ups != "normal": x = up(x)
            x = self.G_middle_1(x, seg)
            for b in [self.up_0, self.up_1, self.up_2, self.up_3]: x = b(up(x), seg)
            if self.ups == "most": x = self.up_4(up(x), seg)
            return torch.tanh(self.conv_img(F.leaky_relu(x, 0.2)))
    class SPADEEncoder(nn.Module):
        def __init__(self, w, z):
            super().__init__()
            c = [3, w, 2 * w, 4 * w, 8 * w, 8 * w, 8 * w]
            for k in range(6):
                setattr(self, f"layer{k + 1}", S(sn(nn.Conv2d(c[k], c[k + 1], 3, 2, 1, bias=False)),
                                                 norm("instance", c[k + 1])))
            self.fc_mu, self.fc_var = nn.Linear(128 * w, z), nn.Linear(128 * w, z)
        def forward(self, x):
            for k in range(6): x = F.leaky_relu(getattr(self, f"layer{k + 1}")(x), 0.2)
            x = x.flatten(1)
            return self.fc_mu(x), self.fc_var(x)

    class Conv(nn.Module):
        def __init__(self, i, o, k, s=1, up=False):
            super().__init__()
            self.k, self.up, self.conv2d = k, up, nn.Conv2d(i, o, k, s)
        def forward(self, x):
            if self.up: x = F.interpolate(x, scale_factor=2, mode="nearest")
            return self.conv2d(F.pad(x, (self.k // 2,) * 4, mode="reflect"))
    class StyleBlock(nn.Module):
        def __init__(self, c):
            super().__init__()
            self.conv1, self.in1 = Conv(c, c, 3), nn.InstanceNorm2d(c, affine=True)
            self.conv2, self.in2 = Conv(c, c, 3), nn.InstanceNorm2d(c, affine=True)
        def forward(self, x):
            return self.in2(self.conv2(F.relu(self.in1(self.conv1(x))))) + x
    class TransformerNet(nn.Module):
        def __init__(self, w=(4, 8, 12)):
            super().__init__()
            a, b, c = w
            n = lambda c: nn.InstanceNorm2d(c, affine=True)
            self.conv1, self.in1 = Conv(3, a, 9), n(a)
            self.conv2, self.in2 = Conv(a, b, 3, 2), n(b)
            self.conv3, self.in3 = Conv(b, c, 3, 2), n(c)
            for k in range(1, 6): setattr(self, f"res{k}", StyleBlock(c))
            self.deconv1, self.in4 = Conv(c, b, 3, up=True), n(b)
            self.deconv2, self.in5 = Conv(b, a, 3, up=True), n(a)
            self.deconv3 = Conv(a, 3, 9)
        def forward(self, x):
            for c, m in [(self.conv1, self.in1), (self.conv2, self.in2), (self.conv3, self.in3)]:
                x = F.relu(m(c(x)))
            for k in range(1, 6): x = getattr(self, f"res{k}")(x)
            x = F.relu(self.in5(self.deconv2(F.relu(self.in4(self.deconv1(x))))))
            return self.deconv3(x)
    class StainNet(nn.Module):
        def __init__(self, w, layers, residual=False):
            super().__init__()
            if residual: self.register_buffer("residual", torch.ones(1))
            m = [nn.Conv2d(3, w, 1), nn.ReLU()]
            for _ in range(layers - 2): m += [nn.Conv2d(w, w, 1), nn.ReLU()]
            self.rgb_trans = S(*m, nn.Conv2d(w, 3, 1))
        def forward(self, x): return self.rgb_trans(x) + (x if hasattr(self, "residual") else 0)

    class Patch(nn.Module):
        def __init__(self, i, w, n, kind, aa=False):
            super().__init__()
            b, s = kind == "instance", 1 if aa else 2
            d = lambda c: [Down(c)] if aa else []
            m = [nn.Conv2d(i, w, 4, s, 1), lrelu()] + d(w)
            for k in range(1, n + 1):
                p, c = min(2 ** (k - 1), 8) * w, min(2 ** k, 8) * w
                m += [nn.Conv2d(p, c, 4, s if k < n else 1, 1, bias=b), norm(kind, c), lrelu()]
                if k < n: m += d(c)
            self.model = S(*m, nn.Conv2d(c, 1, 4, 1, 1))
        def forward(self, x): return self.model(x)
    class Pixel(nn.Module):
        def __init__(self, i, w, kind):
            super().__init__()
            b = kind == "instance"
            self.net = S(nn.Conv2d(i, w, 1), lrelu(), nn.Conv2d(w, 2 * w, 1, bias=b), norm(kind, 2 * w),
                         lrelu(), nn.Conv2d(2 * w, 1, 1, bias=b))
        def forward(self, x): return self.net(x)
    halve = lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)
    class HDDiscriminator(nn.Module):
        def __init__(self, i, w, n, scales, kind, features=True):
            super().__init__()
            self.n, self.scales, self.features = n, scales, features
            for s in range(scales):
                layers, c = [S(nn.Conv2d(i, w, 4, 2, 2), lrelu())], w
                for k in range(1, n + 1):
                    p, c = c, min(2 * c, 512)
                    layers.append(S(nn.Conv2d(p, c, 4, 2 if k < n else 1, 2), norm(kind, c), lrelu()))
                layers.append(S(nn.Conv2d(c, 1, 4, 1, 2)))
                if features:
                    for k, m in enumerate(layers): setattr(self, f"scale{s}_layer{k}", m)
                else: setattr(self, f"layer{s}", S(*[m for l in layers for m in l]))
        def forward(self, x):
            out = []
            for s in reversed(range(self.scales)):
                if self.features:
                    y = x
                    for k in range(self.n + 2):
                        y = getattr(self, f"scale{s}_layer{k}")(y)
                        out.append(y)
                else: out.append(getattr(self, f"layer{s}")(x))
                x = halve(x)
            return tuple(out)
    class SPADEScale(nn.Module):
        def __init__(self, i, w, n, kind):
            super().__init__()
            self.n = n
            self.model0, c = S(nn.Conv2d(i, w, 4, 2, 2), lrelu()), w
            for k in range(1, n):
                p, c = c, min(2 * c, 512)
                conv = sn(nn.Conv2d(p, c, 4, 2 if k < n - 1 else 1, 2, bias=False))
                setattr(self, f"model{k}", S(S(conv, norm(kind, c)), lrelu()))
            setattr(self, f"model{n}", S(nn.Conv2d(c, 1, 4, 1, 2)))
    class SPADEDiscriminator(nn.Module):
        def __init__(self, i, w, n, scales, kind):
            super().__init__()
            for s in range(scales): self.add_module(f"discriminator_{s}", SPADEScale(i, w, n, kind))
        def forward(self, x):
            out = []
            for d in self.children():
                y = x
                for k in range(d.n + 1):
                    y = getattr(d, f"model{k}")(y)
                    out.append(y)
                x = halve(x)
            return tuple(out)

    picture = lambda c, h, w: torch.rand(1, c, h, w) * 2 - 1
    def labels(n, h, w):
        small = torch.randint(0, n, (1, -(-h // 8), -(-w // 8))).repeat_interleave(8, 1).repeat_interleave(8, 2)
        small[torch.rand(small.shape) < 0.1] = 0
        return F.one_hot(small[:, :h, :w], n).permute(0, 3, 1, 2).float().contiguous()
    cases = {
        "resnet_batch": (ResNet(3, 3, 6, 2, 3, "batch", False), picture(3, 40, 56)),
        "resnet_batch_dropout": (ResNet(4, 1, 6, 2, 2, "batch", False, dropout=True), picture(4, 32, 32)),
        "resnet_no_norm": (ResNet(1, 2, 6, 2, 2, "none", False), picture(1, 32, 48)),
        "resnet_no_antialias_up": (
            ResNet(3, 3, 6, 2, 2, "instance", True, aad=True), picture(3, 44, 32)),
        "resnet_antialias_up_only": (
            ResNet(3, 3, 6, 2, 2, "instance", True, dropout=True, aau=True), picture(3, 32, 44)),
        "resnet_antialias_batch": (
            ResNet(3, 3, 6, 2, 2, "batch", False, aad=True, aau=True), picture(3, 36, 32)),
        "resnet_residual": (ResNet(3, 3, 6, 2, 2, "instance", True, residual=True), picture(3, 32, 40)),
        "hd_global": (ResNet(5, 3, 4, 4, 2, "instance", True), picture(5, 64, 96)),
        "hd_global_batch": (ResNet(9, 3, 4, 3, 2, "batch", True), picture(9, 32, 48)),
        "hd_encoder": (ResNet(3, 3, 4, 4, 0, "instance", True), picture(3, 64, 64)),
        "hd_local": (Local(7, 3, 3, 1, 2, 1, 3), picture(7, 48, 64)),
        "hd_local_two": (Local(3, 3, 2, 2, 1, 2, 1), picture(3, 48, 64)),
        "unet_128": (UNet(3, 3, 4, 7, "batch"), picture(3, 128, 256)),
        "unet_32_instance": (UNet(1, 4, 4, 5, "instance"), picture(1, 64, 96)),
        "unet_512": (UNet(3, 3, 2, 9, "batch"), picture(3, 512, 512)),
        "spade_normal_instance": (SPADEGenerator(6, 2, "normal", "instance"), labels(6, 64, 96)),
        "spade_more": (SPADEGenerator(36, 2, "more"), labels(36, 64, 128)),
        "spade_most": (SPADEGenerator(5, 4, "most"), labels(5, 128, 256)),
        "spade_plain": (SPADEGenerator(5, 2, "normal", spectral=False), labels(5, 96, 64)),
        "spade_vae": (SPADEGenerator(5, 2, "normal", z=16, size=(2, 4)),
                      labels(5, 64, 128), torch.randn(1, 16)),
        "spade_encoder": (SPADEEncoder(2, 8), picture(3, 256, 256)),
        "transformernet": (TransformerNet(), picture(3, 40, 48) * 127.5 + 127.5),
        "stainnet": (StainNet(5, 4), picture(3, 7, 9)),
        "stainnet_residual": (StainNet(5, 3, residual=True), picture(3, 7, 9)),
        "patch_basic": (Patch(3, 4, 3, "instance"), picture(3, 256, 256)),
        "patch_batch_5": (Patch(6, 2, 5, "batch"), picture(6, 128, 96)),
        "patch_1": (Patch(3, 4, 1, "instance"), picture(3, 32, 32)),
        "patch_antialias": (Patch(3, 4, 3, "instance", aa=True), picture(3, 256, 256)),
        "pixel": (Pixel(6, 4, "batch"), picture(6, 16, 24)),
        "pixel_instance": (Pixel(3, 4, "instance"), picture(3, 16, 24)),
        "hd_discriminator": (HDDiscriminator(5, 4, 3, 3, "instance"), picture(5, 64, 96)),
        "hd_discriminator_plain": (HDDiscriminator(5, 4, 2, 2, "batch", False), picture(5, 64, 65)),
        "spade_discriminator": (SPADEDiscriminator(5, 4, 4, 2, "instance"), picture(5, 96, 64)),
    }
    for name, (net, *inputs) in cases.items():
        for m in net.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.running_mean.normal_(0, 0.2)
                m.running_var.uniform_(0.5, 1.5)
            if isinstance(m, (nn.BatchNorm2d, nn.InstanceNorm2d)) and m.affine:
                m.weight.data.normal_(1, 0.2)
                m.bias.data.normal_(0, 0.2)
            if hasattr(m, "weight_u"):
                # Any random vectors may give a norm near 0, and numbers beyond all comparing.
                u, _, v = torch.linalg.svd(m.weight_orig.data.flatten(1), full_matrices=False)
                off = 0 if name == "spade_most" else 0.2
                turned = lambda x: F.normalize(x + off * F.normalize(torch.randn_like(x), dim=0), dim=0)
                m.weight_u.copy_(turned(u[:, 0]))
                m.weight_v.copy_(turned(v[0]))
        net.eval()
        with torch.no_grad(): outputs = net(*inputs)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        torch.save(net.state_dict(), f"{folder}/{name}.pth")
        for k, v in enumerate(inputs): np.save(f"{folder}/{name}.in{k}.npy", v.numpy())
        for k, v in enumerate(outputs): np.save(f"{folder}/{name}.out{k}.npy", v.numpy())
    """#
}
