"""Steps of networks in JAX, each one compiled function with donated state, for the script `scripts/bench-peers`; of the families mlp
and cnn, for training. See `serving.py` for how it is asked."""
import jax
import jax.numpy as jnp
from jax import lax

from serving import serve

KEY = jax.random.PRNGKey(0)


def cross_entropy(scores, labels):
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(scores), labels[:, None], 1))


def dense(inputs, outputs): return jax.random.normal(KEY, (inputs, outputs)) * 0.05, jnp.zeros(outputs)


def training_step(loss, rule, parameters):
    """(step, state): the state is the parameters, and for Adam its two moments and step count."""
    if rule == "sgd":
        return lambda p, *a: jax.tree.map(lambda w, g: w - 1e-3 * g, p, jax.grad(loss)(p, *a)), parameters

    def step(state, *args):
        p, m, v, t = state
        g, t = jax.grad(loss)(p, *args), t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        rate = 1e-4 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        return jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8), p, m, v), m, v, t

    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    return step, (parameters, zeros(), zeros(), jnp.float32(0))


def mlp(inp, hidden, out, batch, opt="sgd"):
    sizes = [inp, *map(int, str(hidden).split("x")), out]

    def loss(p, x, y):
        for i, (w, b) in enumerate(p):
            x = x @ w + b
            if i < len(p) - 1: x = jax.nn.relu(x)
        return cross_entropy(x, y)

    step, state = training_step(loss, opt, [dense(a, b) for a, b in zip(sizes, sizes[1:])])
    return step, state, (jax.random.uniform(KEY, (batch, inp)), jax.random.randint(KEY, (batch,), 0, out))


def cnn(size, channels, convs, batch, opt="sgd"):
    widths = [int(width) for width in str(convs).split("x")]
    every = 1 if len(widths) <= 2 else 2
    last = size >> (len(widths) // every)
    p = dict(convs=[jax.random.normal(KEY, (3, 3, a, b)) * 0.1 for a, b in zip([channels, *widths], widths)],
             biases=[jnp.zeros(width) for width in widths], dense=dense(last * last * widths[-1], 10))

    def loss(p, x, y):
        for i, (w, b) in enumerate(zip(p["convs"], p["biases"])):
            x = jax.nn.relu(b + lax.conv_general_dilated(
                x, w, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")))
            if (i + 1) % every == 0:
                x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        return cross_entropy(x.reshape(x.shape[0], -1) @ p["dense"][0] + p["dense"][1], y)

    step, state = training_step(loss, opt, p)
    images = jax.random.uniform(KEY, (batch, size, size, channels))
    return step, state, (images, jax.random.randint(KEY, (batch,), 0, 10))


def build(family, parameters):
    families = {"mlp": mlp, "cnn": cnn}
    if family not in families or "infer" in parameters or "norm" in parameters: return None
    step, state, arguments = families[family](**parameters)
    run = jax.jit(step, donate_argnums=0)

    def next_step():
        nonlocal state
        state = run(state, *arguments)
        jax.block_until_ready(state)

    return next_step


if __name__ == "__main__": serve(build)
