"""What the scripts of this folder share: cases computed by PyTorch in float64, written as float32 safetensors.

A case is a module (or a function) with its inputs. Its file holds, under the case's name and a slash:

    input.0, input.1, …     the inputs
    state.PATH              parameters and buffers before the first step
    output                  in training mode
    evaluation              in evaluation mode, before the first step, where that differs in meaning
    target                  what the output is compared with: loss = mean((output - target)²)
    gradient.input.0, …     ∂loss/∂input, for inputs that are real numbers
    gradient.PATH           ∂loss/∂parameter
    after.PATH              parameters and buffers after three steps of gradient descent at rate 0.1, or as many of
                            another optimizer as the script says

and, in the file's metadata under "cases", the cases' settings by their names, as JSON.

    python3 -m venv .venv && .venv/bin/pip install torch numpy safetensors
    .venv/bin/python Tests/Fixtures/SCRIPT.py
"""
import json
import pathlib

import torch
from safetensors.torch import save_file

torch.set_default_dtype(torch.float64)
RATE = 0.1


class Reference:
    """The cases of one file; used as a context, it writes the file at the end."""

    def __init__(self, name):
        self.path = pathlib.Path(__file__).parent / f"{name}.safetensors"
        self.tensors, self.settings = {}, {}

    def __enter__(self):
        torch.manual_seed(7)
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            save_file(self.tensors, self.path, metadata={"cases": json.dumps(self.settings)})
            print(f"{self.path.name}: {len(self.settings)} cases, {self.path.stat().st_size} bytes")

    def add(self, name, module, inputs, settings=None, steps=True, optimizer=None, optimizer_steps=3):
        """A case. `module` is a torch.nn.Module or a function; integer inputs get no gradient; `steps=False` leaves the
        three steps of descent out; `optimizer` makes another rule from the parameters."""
        is_module = isinstance(module, torch.nn.Module)
        inputs = [x.clone() for x in inputs]
        self.settings[name] = settings or {}
        put = lambda key, x: self.tensors.__setitem__(
            f"{name}/{key}", (x.detach() if x.is_floating_point() else x).to(torch.float32).clone().contiguous())
        # What the file holds is float32; the reference starts from exactly those numbers.
        rounded = lambda x: x.to(torch.float32).to(x.dtype) if x.is_floating_point() else x
        inputs = [rounded(x) for x in inputs]
        for i, x in enumerate(inputs): put(f"input.{i}", x)
        if is_module:
            with torch.no_grad():
                for x in [*module.parameters(), *module.buffers()]: x.copy_(rounded(x))
            for path, x in module.state_dict().items(): put(f"state.{path}", x)
            module.eval()
            with torch.no_grad(): put("evaluation", module(*inputs))
            module.train()
        for x in inputs: x.requires_grad_(x.is_floating_point())
        target = None
        rule = optimizer(module.parameters()) if optimizer else None
        for step in range(optimizer_steps if steps and is_module and any(True for _ in module.parameters()) else 1):
            for x in inputs: x.grad = None
            if is_module: module.zero_grad()
            output = module(*inputs)
            if target is None:
                target = rounded(torch.randn_like(output))
                put("output", output); put("target", target)
            ((output - target) ** 2).mean().backward()
            if step == 0:
                for i, x in enumerate(inputs):
                    if x.grad is not None: put(f"gradient.input.{i}", x.grad)
                if is_module:
                    for path, p in module.named_parameters():
                        if p.grad is not None: put(f"gradient.{path}", p.grad)
            if rule:
                rule.step()
            elif is_module:
                with torch.no_grad():
                    for p in module.parameters():
                        if p.grad is not None: p -= RATE * p.grad
        if steps and is_module:
            for path, x in module.state_dict().items(): put(f"after.{path}", x)
