"""Schedules: the factor on the learning rate at each of a hundred steps, of torch.optim.lr_scheduler."""
import pathlib

import torch
from safetensors.torch import save_file

S = torch.optim.lr_scheduler
STEPS = 100


def factors(make, losses=None):
    parameter = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    schedule = make(optimizer)
    result = []
    for step in range(STEPS):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step(losses[step]) if losses is not None else schedule.step()
    return torch.tensor(result, dtype=torch.float32)


def warmup(o, steps, rest):
    return S.SequentialLR(o, [S.LinearLR(o, 1 / (steps + 1), 1, steps), rest(o)], [steps])


torch.manual_seed(7)
# Falls, stays for a while, falls again, and ends in noise.
losses = torch.cat([torch.linspace(2, 1, 20), torch.full((30,), 1.0), torch.linspace(1, 0.5, 20), 0.5 + 0.1 * torch.rand(30)])
losses = losses.to(torch.float32)
tensors = {
    "linear": factors(lambda o: S.LinearLR(o, 1, 0.1, STEPS)),
    "polynomial": factors(lambda o: S.PolynomialLR(o, STEPS, 2)),
    "step": factors(lambda o: S.StepLR(o, 30, 0.5)),
    "milestones": factors(lambda o: S.MultiStepLR(o, [10, 40, 90], 0.3)),
    "exponential": factors(lambda o: S.ExponentialLR(o, 0.97)),
    "cosine": factors(lambda o: S.CosineAnnealingLR(o, STEPS, 0.1)),
    "restarts": factors(lambda o: S.CosineAnnealingWarmRestarts(o, 10, 2, 0.05)),
    "equal-restarts": factors(lambda o: S.CosineAnnealingWarmRestarts(o, 30, 1)),
    "one-cycle": factors(lambda o: S.OneCycleLR(o, 1.0, STEPS, cycle_momentum=False)),
    "early-one-cycle": factors(
        lambda o: S.OneCycleLR(o, 1.0, STEPS, pct_start=0.1, div_factor=5, final_div_factor=100, cycle_momentum=False)),
    "warm-up": factors(lambda o: warmup(o, 20, lambda o: S.CosineAnnealingLR(o, STEPS - 20))),
    "product": factors(lambda o: S.ChainedScheduler([S.ExponentialLR(o, 0.99), S.StepLR(o, 30, 0.5)])),
    "sequence": factors(lambda o: S.SequentialLR(o, [S.ConstantLR(o, 1, 1), S.ExponentialLR(o, 0.9)], [50])),
    "plateau": factors(lambda o: S.ReduceLROnPlateau(o, factor=0.5, patience=4, cooldown=3), losses),
    "plateau-least": factors(
        lambda o: S.ReduceLROnPlateau(o, factor=0.1, patience=2, threshold=0.04, min_lr=1e-3), losses),
    "losses": losses,
}
path = pathlib.Path(__file__).parent / "schedules.safetensors"
save_file(tensors, path)
print(f"{path.name}: {len(tensors)} tensors, {path.stat().st_size} bytes")
