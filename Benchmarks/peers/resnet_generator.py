"""A CycleGAN generator (9 blocks, width 64) in PyTorch on all processors: for every line read it runs
once, and prints the seconds on the clock and of the processors.  usage: resnet_generator.py SIZE"""
import os, sys, time
import torch
from torch import nn


def block(channels):
    half = lambda: [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels)]
    return nn.Sequential(*half(), nn.ReLU(inplace=True), *half())


class Generator(nn.Module):
    def __init__(self, width=64, blocks=9):
        super().__init__()
        norm = lambda channels: [nn.InstanceNorm2d(channels), nn.ReLU(inplace=True)]
        down = [nn.ReflectionPad2d(3), nn.Conv2d(3, width, 7), *norm(width)]
        for channels in (width, 2 * width):
            down += [nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1), *norm(2 * channels)]
        up = []
        for channels in (4 * width, 2 * width):
            up.append(nn.ConvTranspose2d(channels, channels // 2, 3, stride=2, padding=1, output_padding=1))
            up += norm(channels // 2)
        self.down, self.up = nn.Sequential(*down), nn.Sequential(*up)
        self.blocks = nn.ModuleList(block(4 * width) for _ in range(blocks))
        self.last = nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh())

    def forward(self, x):
        x = self.down(x)
        for layer in self.blocks:
            x = x + layer(x)
        return self.last(self.up(x))


size = int(sys.argv[1])
torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
network, picture = Generator().eval(), torch.rand(1, 3, size, size) * 2 - 1
print("ready", flush=True)
with torch.inference_mode():
    for _ in sys.stdin:
        clock, processor = time.perf_counter(), time.process_time()
        network(picture)
        print(time.perf_counter() - clock, time.process_time() - processor, flush=True)
