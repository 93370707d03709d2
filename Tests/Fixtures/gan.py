"""A GAN of images, both networks moved at once: ten steps of gradient descent from the same weights and noise.

    gan.safetensors    before.PATH, after.PATH: parameters and buffers; real; noise; losses of the ten steps
"""
import pathlib
from collections import OrderedDict

import torch
from safetensors.torch import save_file
from torch.nn.utils.parametrizations import spectral_norm

N, F = torch.nn, torch.nn.functional
torch.set_default_dtype(torch.float64)


def gan(latent, width):
    """The networks of GAN.Configuration.images."""
    generator = N.Sequential(OrderedDict(
        project=N.Linear(latent, 2 * width * 49, bias=False), reshape=N.Unflatten(1, (2 * width, 7, 7)),
        norm1=N.BatchNorm2d(2 * width), relu1=N.ReLU(),
        deconv1=N.ConvTranspose2d(2 * width, width, 4, 2, 1, bias=False),
        norm2=N.BatchNorm2d(width), relu2=N.ReLU(), deconv2=N.ConvTranspose2d(width, 1, 4, 2, 1), tanh=N.Tanh()))
    critic = N.Sequential(OrderedDict(
        conv1=spectral_norm(N.Conv2d(1, width, 4, 2, 1)), relu1=N.LeakyReLU(0.2),
        conv2=spectral_norm(N.Conv2d(width, 2 * width, 4, 2, 1)), relu2=N.LeakyReLU(0.2),
        flatten=N.Flatten(), output=spectral_norm(N.Linear(2 * width * 49, 1))))
    for module in generator:
        if isinstance(module, (N.Linear, N.ConvTranspose2d)):
            N.init.normal_(module.weight, 0, 0.02)
            if module.bias is not None: N.init.zeros_(module.bias)
    return generator, critic


def losses(generator, critic, real, noise):
    """The critic's and the generator's, without saturation."""
    generated = generator(noise)
    ofCritic = F.softplus(-critic(real)).mean() + F.softplus(critic(generated.detach())).mean()
    return ofCritic, F.softplus(-critic(generated)).mean()


if __name__ == "__main__":
    torch.manual_seed(7)
    generator, critic = gan(latent=3, width=2)
    pair = N.ModuleDict(dict(generator=generator, critic=critic))
    with torch.no_grad():
        for x in [*pair.parameters(), *pair.buffers()]: x.copy_(x.float())
    state = lambda: {k: x.detach().float().clone().contiguous() for k, x in pair.state_dict().items()
                     if "num_batches" not in k}
    real, noise = (torch.rand(4, 1, 28, 28) * 2 - 1).float(), torch.randn(4, 3).float()
    before, sums = state(), []
    for _ in range(10):
        ofCritic, ofGenerator = losses(generator, critic, real.double(), noise.double())
        parameters = [*generator.parameters()], [*critic.parameters()]
        gradients = (torch.autograd.grad(ofGenerator, parameters[0], retain_graph=True)
                     + torch.autograd.grad(ofCritic, parameters[1]))
        with torch.no_grad():
            for p, g in zip(sum(parameters, []), gradients): p -= 0.1 * g
        sums.append((ofCritic + ofGenerator).item())
    path = pathlib.Path(__file__).parent / "gan.safetensors"
    save_file({**{f"before.{k}": x for k, x in before.items()}, **{f"after.{k}": x for k, x in state().items()},
               "real": real, "noise": noise, "losses": torch.tensor(sums).float()}, path)
    print(f"{path.name}: {path.stat().st_size} bytes")
