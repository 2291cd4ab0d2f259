"""A CycleGAN step in PyTorch as the official code does it, f32, on all processors: for every line read
it does one, and prints the seconds on the clock and of the processors.  usage: cyclegan_step.py SIZE"""
import itertools, os, sys, time
import torch
from torch import nn
from torch.nn import functional as F


def block(channels):
    half = lambda: [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels)]
    return nn.Sequential(*half(), nn.ReLU(inplace=True), *half())


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.block = block(channels)

    def forward(self, x):
        return x + self.block(x)


def generator(width=64, blocks=9):
    norm = lambda channels: [nn.InstanceNorm2d(channels), nn.ReLU(inplace=True)]
    layers = [nn.ReflectionPad2d(3), nn.Conv2d(3, width, 7), *norm(width)]
    for channels in (width, 2 * width):
        layers += [nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1), *norm(2 * channels)]
    layers += [Residual(4 * width) for _ in range(blocks)]
    for channels in (4 * width, 2 * width):
        layers.append(nn.ConvTranspose2d(channels, channels // 2, 3, stride=2, padding=1, output_padding=1))
        layers += norm(channels // 2)
    return nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh())


def discriminator(width=64):
    layers, channels = [nn.Conv2d(3, width, 4, 2, 1), nn.LeakyReLU(.2, True)], width
    for wider, stride in ((2 * width, 2), (4 * width, 2), (8 * width, 1)):
        layers += [nn.Conv2d(channels, wider, 4, stride, 1), nn.InstanceNorm2d(wider), nn.LeakyReLU(.2, True)]
        channels = wider
    return nn.Sequential(*layers, nn.Conv2d(channels, 1, 4, 1, 1))


size = int(sys.argv[1])
torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
g_a, g_b, d_a, d_b = generator(), generator(), discriminator(), discriminator()
parameters_d = list(itertools.chain(d_a.parameters(), d_b.parameters()))
optimiser_g = torch.optim.Adam(itertools.chain(g_a.parameters(), g_b.parameters()), 2e-4, (.5, .999))
optimiser_d = torch.optim.Adam(parameters_d, 2e-4, (.5, .999))
a, b = torch.rand(2, 1, 3, size, size) * 2 - 1
verdict = lambda made, target: F.mse_loss(made, torch.full_like(made, target))


def step():
    made_b, made_a = g_a(a), g_b(b)
    for p in parameters_d:
        p.requires_grad_(False)
    loss = (verdict(d_a(made_b), 1) + verdict(d_b(made_a), 1)
            + 10 * (F.l1_loss(g_b(made_b), a) + F.l1_loss(g_a(made_a), b))
            + 5 * (F.l1_loss(g_a(b), b) + F.l1_loss(g_b(a), a)))
    optimiser_g.zero_grad()
    loss.backward()
    optimiser_g.step()
    for p in parameters_d:
        p.requires_grad_(True)
    optimiser_d.zero_grad()
    for d, real, made in ((d_a, b, made_b), (d_b, a, made_a)):
        (.5 * (verdict(d(real), 1) + verdict(d(made.detach()), 0))).backward()
    optimiser_d.step()


step()
print("ready", flush=True)
for _ in sys.stdin:
    clock, processor = time.perf_counter(), time.process_time()
    step()
    print(time.perf_counter() - clock, time.process_time() - processor, flush=True)
