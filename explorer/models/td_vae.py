"""TD-VAE: a belief about what is now, and jumps from it to what will be, without the frames between."""

import math
from collections.abc import Iterator, Sequence
from typing import cast

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from explorer.models.base import Autoencoder
from explorer.nn import schedule
from explorer.nn.initialisation import he_normal
from explorer.nn.network import network
from explorer.nn.objectives import bernoulli_nll, gaussian_kl_between, gaussian_log_density, squared_error
from explorer.nn.perceptron import perceptron
from explorer.nn.strip import Layer, through
from explorer.nn.two_layers import TwoLayers

PREDICTED = 3  # frames of each sequence and step that the plain predictor learns from


class TDVAE(Autoencoder):
    """Two latent layers; the length of a jump is told to the transition and to the smoothing.

    A plain predictor reads the mean of the next frame from the same belief. It is what TD-VAE is compared with, and its
    loss teaches the belief what moves where: after 4,000 steps 62 % of the jumps went the right way, without it 53 %.

    Sequences are (B, T, C, H, W). What `encode` gives are beliefs (B, T, belief_dim), each of the frames up to its own;
    what `decode` takes are states z (B, latent_dim).

    Arguments:
        picture_shape: Channels, height and width of a frame.
        latent_dim: Numbers in a state, half of them in each layer.
        belief_dim: Units of the recurrent network.
        hidden: Widths of the frame encoder and, reversed, of the decoder.
        units: Gated units of each D-map.
        depth: ReLU layers of each D-map before these.
        longest_jump: Frames of the longest jump.
        first_jump: Frames of the longest jump at the beginning of training; it grows over schedule.GROWING of the run.
            0 is longest_jump from the beginning.
        single: Share of training jumps of one frame, besides those drawn from all lengths alike.
        frequencies: How many waves stand for the length of a jump; 0 is one number for each length.
        pairs: Pairs (t1, t2) of each sequence and step; the beliefs are computed once for all.
        noise: Deviation of a Gaussian frame; None is for black-or-white frames.
        hidden_frames: Share of training sequences of which a run of frames is black or noise for the belief. It learns
            to go on without them; what it is to foretell is what happens.
        foresight: Weight of the energy score of the later frame where nothing has been seen since t1: z_t1 from the
            belief, z_t2 by the jump. Without it states of an oscillator hold what it shows now and nothing else, for
            the smoothing tells z_t1 what z_t2 will be. With little of it, too: -J pays nats for a velocity that is
            held. Frames must be Gaussian.
        futures: States z_t2 drawn for this score, at least 2.

    References:
        | Temporal Difference Variational Auto-Encoder (Gregor et al., 2019), equation 8 and appendix D
        | https://arxiv.org/abs/1806.03107
    """

    jump_codes: Tensor

    def __init__(
        self,
        picture_shape: Sequence[int],
        latent_dim: int = 16,
        belief_dim: int = 128,
        hidden: Sequence[int] = (256, 256),
        units: int = 64,
        depth: int = 0,
        longest_jump: int = 6,
        first_jump: int = 0,
        single: float = 0.0,
        frequencies: int = 0,
        pairs: int = 12,
        noise: float | None = None,
        hidden_frames: float = 0.0,
        foresight: float = 0.0,
        futures: int = 4,
    ):
        super().__init__(picture_shape, latent_dim)
        if foresight and (noise is None or futures < 2):
            raise ValueError("Foresight needs Gaussian frames, whose noise is given, and at least two futures.")
        self.first_jump, self.longest_jump, self.single = first_jump or longest_jump, longest_jump, single
        self.pairs, self.noise = pairs, noise
        self.hidden_frames, self.foresight, self.futures = hidden_frames, foresight, futures
        self.encoder = Recurrent(self.num_pixels, hidden, belief_dim)
        self.decoder = perceptron([latent_dim, *reversed(hidden), self.num_pixels], "relu")
        self.register_buffer("jump_codes", jump_codes(longest_jump, frequencies), persistent=False)
        jump_dim, layer = self.jump_codes.shape[1], latent_dim // 2
        self.belief = TwoLayers(belief_dim, layer, units, depth)
        self.smoothing = TwoLayers(2 * belief_dim + latent_dim + jump_dim, layer, units, depth)
        self.transition = TwoLayers(latent_dim + jump_dim, layer, units, depth)
        self.predictor = perceptron([belief_dim, *reversed(hidden), self.num_pixels], "relu")
        for part in (self.encoder.frames, self.decoder, self.predictor):
            he_normal(part)

    def prepare(self, pictures: Tensor) -> None:
        """Black-or-white frames begin at the mean of digits that are everywhere alike."""
        if self.noise is None:
            mean = pictures.flatten(0, -4).float().mean((0, -1), keepdim=True).div(255).clamp(1e-3, 1 - 1e-3)
            for decoder in (self.decoder, self.predictor):
                decoder[-1].bias.data = torch.logit(mean).expand(1, *self.picture_shape).flatten().clone()

    def axes(self) -> dict[str, int]:
        return super().axes() | {"D": self.encoder.lstm.hidden_size, "Z": self.latent_dim}

    @network({"x": "B T C H W"}, {"z": "B T D"})
    def encode(self, x: Tensor) -> Tensor:
        return self.encoder(x.flatten(2)).float()

    @network({"z": "B Z"}, {"x_hat": "B C H W"}, in_page=True)
    def decode(self, z: Tensor) -> Tensor:
        return self.mean_frames(self.decoder(z)).unflatten(1, self.picture_shape)

    def strip(self, x: Tensor) -> Iterator[Layer]:
        """The network as it is drawn for frames (B, T, C, H, W), of which the last is now; jumps are of one frame.

        Pictures (B, C, H, W) are taken as sequences of one frame.
        """
        x = x if x.ndim > 4 else x[:, None]
        beliefs, one = self.encode(x), torch.ones(len(x), dtype=torch.long, device=x.device)
        belief, earlier = beliefs[:, -1], beliefs[:, -min(2, x.shape[1])]
        yield Layer("x, the last frame", x[:, -1], "x", row="Belief")
        yield from through([self.encoder.frames, nn.ReLU()], x[:, -1].flatten(1))
        yield Layer("b LSTM, over all frames", belief, "belief")
        yield Layer("b", belief, "belief", row="p_B: the state now")
        z = yield from self.belief.strip(belief)
        yield Layer("z: both layers’ μ", z, "z")
        told = self.hindsight(z, earlier, belief, one)
        yield Layer("b, a frame ago and now, with z", told, "smoothing", row="q_S: the state a frame ago")
        past = yield from self.smoothing.strip(told)
        yield Layer("z, a frame ago", past, "smoothing")
        departure = self.departure(z, one)
        yield Layer("z and the length of the jump", departure, "transition", row="p_T: the state a frame later")
        later = yield from self.transition.strip(departure)
        yield Layer("z, a frame later", later, "z")
        yield Layer("z, a frame later", later, "z", row="p_D: its frame")
        yield from through(self.decoder[:-1], later)
        yield Layer("x̂ Linear Sigmoid" if self.noise is None else "x̂ Linear", self.decode(later), "x-hat")

    @network({"x": "B T C H W"}, {"layer*": "B …"})
    def layer_outputs(self, x: Tensor) -> list[Tensor]:
        return super().layer_outputs(x)

    def mean_frames(self, flat: Tensor) -> Tensor:
        """Means of frames from what a decoder gives for their pixels."""
        return torch.sigmoid(flat.float()) if self.noise is None else flat.float()

    def frame_nll(self, flat: Tensor, x: Tensor) -> Tensor:
        """Nats (B,) of flat frames (B, pixels) under what a decoder gives for them."""
        if self.noise is None:
            return bernoulli_nll(flat, x)
        scale = 0.5 * self.num_pixels * math.log(2 * math.pi * self.noise**2)
        return 0.5 * squared_error(flat.float(), x) / self.noise**2 + scale

    @network({"belief": "B D", "noise": "B Z"}, {"z": "B Z"}, in_page=True)
    def believe(self, belief: Tensor, noise: Tensor) -> Tensor:
        """States now, drawn from p_B with standard normal noise (B, latent_dim)."""
        return self.belief.draw(belief, noise)

    @network({"z": "B Z", "lengths": "B < J", "noise": "B Z"}, {"later": "B Z"}, in_page=True)
    def jump(self, z: Tensor, lengths: Tensor, noise: Tensor) -> Tensor:
        """States that many frames later, drawn from p_T.

        Arguments:
            z: States, with shape (B, latent_dim).
            lengths: Frames from 1 to longest_jump, whole, with shape (B,).
            noise: Standard normal, with shape (B, latent_dim).
        """
        return self.transition.draw(self.departure(z, lengths), noise)

    def rollout(self, belief: Tensor, lengths: Sequence[int], noise: Tensor) -> list[Tensor]:
        """States (B, latent_dim) now and after each of some jumps.

        Arguments:
            belief: What is known now, with shape (B, belief_dim).
            lengths: Frames of each jump.
            noise: Standard normal, with shape (1 + jumps, B, latent_dim).
        """
        states = [self.belief.draw(belief, noise[0])]
        for length, part in zip(lengths, noise[1:], strict=True):
            states.append(self.jump(states[-1], torch.full((len(belief),), length, device=belief.device), part))
        return states

    @network({"belief": "D", "noise": "N S Z", "lengths": ""}, {"z": "N S Z"})
    def foresee(self, belief: Tensor, noise: Tensor, lengths: Sequence[int]) -> Tensor:
        """rollout from one belief (belief_dim,), S times, with shape (1 + jumps, S, latent_dim)."""
        return torch.stack(self.rollout(belief.expand(noise.shape[1], -1), lengths, noise))

    @network({"belief": "D", "noise": "N S Z", "length": "", "steps": ""}, {"z": "T S Z"})
    def foresee_steps(self, belief: Tensor, noise: Tensor, length: int, steps: int) -> Tensor:
        """States (steps, S, latent_dim) at every step after now: jumps of one length, and then a shorter one.

        Arguments:
            belief: What is known, with shape (belief_dim,).
            noise: Standard normal, with shape (2 + steps // length, S, latent_dim); a shorter jump takes that of the
                longer one.
            length: Frames of a jump.
            steps: How far.
        """
        reached = self.foresee(belief, noise[:-1], [length] * (steps // length))
        after = torch.arange(1, steps + 1, device=noise.device)
        jumps, rest = after // length, after % length
        z = reached[jumps]
        short = rest.nonzero()[:, 0]
        if len(short):
            lengths = rest[short].repeat_interleave(noise.shape[1])
            moved = self.jump(z[short].flatten(0, 1), lengths, noise[jumps[short] + 1].flatten(0, 1))
            z[short] = moved.unflatten(0, (len(short), -1))
        return z

    @network({"belief": "D", "later_belief": "D", "noise": "2 N Z", "length": ""}, {"z": "N Z"}, in_page=True)
    def look_back(self, belief: Tensor, later_belief: Tensor, noise: Tensor, length: int) -> Tensor:
        """States (S, latent_dim) that many frames before a later one, which is drawn from its own belief, is known.

        Arguments:
            belief: What was known then, with shape (belief_dim,).
            later_belief: What is known so many frames later.
            noise: Standard normal, with shape (2, S, latent_dim): of the state then, and of the later one.
            length: How many.
        """
        then, later = (part.expand(noise.shape[1], -1) for part in (belief, later_belief))
        z, lengths = self.belief.draw(later, noise[1]), torch.full((noise.shape[1],), length, device=noise.device)
        return self.smooth(z, then, later, lengths, noise[0])

    def departure(self, z: Tensor, lengths: Tensor) -> Tensor:
        """What the transition is told."""
        return torch.cat([z, self.jump_codes[lengths]], -1)

    def smooth(self, z: Tensor, belief: Tensor, later_belief: Tensor, lengths: Tensor, noise: Tensor) -> Tensor:
        """States that many frames earlier, drawn from q_S, which knows the later state z and both beliefs."""
        return self.smoothing.draw(self.hindsight(z, belief, later_belief, lengths), noise)

    def hindsight(self, z: Tensor, belief: Tensor, later_belief: Tensor, lengths: Tensor) -> Tensor:
        """What the smoothing is told."""
        return torch.cat([belief, later_belief, z, self.jump_codes[lengths]], -1)

    def loss(self, x: Tensor, generator: Generator | None = None) -> dict[str, Tensor]:
        x = x.flatten(2)
        first, lengths = self.draw_pairs(x, generator)
        row = torch.arange(len(x), device=x.device)[:, None]
        seen = hide_frames(x, self.hidden_frames, generator) if self.training and self.hidden_frames else x
        beliefs = self.encoder(seen).float()
        belief, later_x = beliefs[row, first].flatten(0, 1), x[row, first + lengths].flatten(0, 1)
        later_belief, lengths = beliefs[row, first + lengths].flatten(0, 1), lengths.flatten()
        terms = self.bound(belief, later_belief, later_x, lengths, generator)
        terms["next_frame"] = self.next_frame_nll(beliefs, x, generator)
        loss = cast(Tensor, sum(terms.values()))
        if self.foresight:
            terms["foresight"] = self.foresight_score(belief, later_x, lengths, generator)
            loss = loss + self.foresight * terms["foresight"]
        return {"loss": loss, **terms}

    @torch.inference_mode()
    def try_out(self) -> None:
        terms = self.loss(torch.zeros(1, 2, *self.picture_shape), Generator().manual_seed(0))
        if not terms["loss"].isfinite():
            raise OverflowError("The loss is not finite.")

    def draw_pairs(self, x: Tensor, generator: Generator | None) -> tuple[Tensor, Tensor]:
        """First frames t1 and lengths t2 - t1 of training pairs, each (B, pairs); every length has all its starts."""
        size = len(x), self.pairs

        def uniform() -> Tensor:
            return torch.rand(size, generator=generator, device=x.device)

        longest = min(schedule.longest_jump(self.progress, self.longest_jump, self.first_jump), x.shape[1] - 1)
        lengths = 1 + (longest * uniform()).long()
        lengths = torch.where(uniform() < self.single, torch.ones_like(lengths), lengths)
        return ((x.shape[1] - lengths) * uniform()).long(), lengths

    def bound(
        self, belief: Tensor, later_belief: Tensor, x: Tensor, lengths: Tensor, generator: Generator | None
    ) -> dict[str, Tensor]:
        """The three terms of -J in nats, averaged over pairs: the later frame, what the jump had to be told, the past.

        Arguments:
            belief: At t1, with shape (B, belief_dim).
            later_belief: At t2, with the same shape.
            x: Flat frames at t2, with shape (B, pixels).
            lengths: t2 - t1, with shape (B,).
            generator: Of the draws of both states.
        """
        noise = torch.randn(2, len(x), self.latent_dim, generator=generator, device=x.device)
        with torch.autocast(x.device.type, enabled=False):  # densities of narrow Gaussians need float32
            z2, *now = self.belief.sample(later_belief, noise[0])
            told = self.hindsight(z2, belief, later_belief, lengths)
            z1, mu, log_var = self.smoothing.sample(told, noise[1])
            jump = gaussian_log_density(z2, *now) - self.transition.log_density(self.departure(z1, lengths), z2)
            past = gaussian_kl_between(mu, log_var, *self.belief.parameters_at(belief, z1)).sum(-1)
        frame = self.frame_nll(self.decoder(z2), x)
        return {"reconstruction": frame.mean(), "jump": jump.mean(), "smoothing": past.mean()}

    def foresight_score(self, belief: Tensor, x: Tensor, lengths: Tensor, generator: Generator | None) -> Tensor:
        """Energy score E|X - x| - E|X - X'| / 2 of frames X drawn for so many frames after a belief, averaged.

        Neither state is told anything of what was seen in between, so that the first one has to hold what the jump
        will need. Of all forecasts the score is least for the true one, however few are drawn; the likelihood of a
        mixture of 16 states would be highest for spreads of 1.25 to 1.45 times the true ones of .5 to .7.

        Arguments:
            belief: At t1, with shape (B, belief_dim).
            x: Flat frames at t2, with shape (B, pixels).
            lengths: t2 - t1, with shape (B,).
            generator: Of the draws of both states and of the frames' noise.

        References:
            | Strictly Proper Scoring Rules, Prediction, and Estimation (Gneiting & Raftery, 2007), equation 22
        """
        count = self.futures
        belief, lengths = (part.repeat_interleave(count, 0) for part in (belief, lengths))
        noise = torch.randn(2, len(belief), self.latent_dim, generator=generator, device=x.device)
        with torch.autocast(x.device.type, enabled=False):
            z = self.jump(self.belief.draw(belief, noise[0]), lengths, noise[1])
        frames = self.decoder(z).float()
        grain = torch.randn(frames.shape, generator=generator, device=x.device)
        drawn = (frames + (self.noise or 0) * grain).unflatten(0, (-1, count))  # (B, futures, pixels)
        off = torch.linalg.vector_norm(drawn - x[:, None], dim=-1).mean()
        apart = torch.cdist(drawn, drawn).sum((1, 2)).mean() / (count * (count - 1))
        return off - apart / 2

    def next_frame_nll(self, beliefs: Tensor, x: Tensor, generator: Generator | None) -> Tensor:
        """Nats of the next frame under the plain predictor, averaged over some frames of each sequence."""
        size = len(x), PREDICTED
        chosen = ((x.shape[1] - 1) * torch.rand(size, generator=generator, device=x.device)).long()
        row = torch.arange(len(x), device=x.device)[:, None]
        flat = self.predictor(beliefs[row, chosen].flatten(0, 1))
        return self.frame_nll(flat, x[row, chosen + 1].flatten(0, 1)).mean()

    @network({"x": "B C H W", "h": "B D", "c": "B D"}, {"belief": "B D", "memory": "B D"}, in_page=True)
    def watch(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """What is known after one frame more, and the memory of it, from both as they were; they begin with 0."""
        return self.encoder.step(x.flatten(1), h, c)

    @network({"belief": "B D"}, {"x_hat": "B C H W"}, in_page=True)
    def expect(self, belief: Tensor) -> Tensor:
        """The frame that the plain predictor expects next."""
        return self.mean_frames(self.predictor(belief)).unflatten(1, self.picture_shape)

    @network({"x": "B T C H W", "steps": ""}, {"frames": "B F C H W"})
    def predict(self, x: Tensor, steps: int) -> Tensor:
        """Frames (B, steps, C, H, W) that the plain predictor expects, each after its own last one.

        Arguments:
            x: Frames so far, with shape (B, T, C, H, W).
            steps: How many more.
        """
        beliefs, memory = self.encoder.remember(x.flatten(2))
        frames = []
        for _ in range(steps):
            frames.append(self.mean_frames(self.predictor(beliefs[:, -1])))
            beliefs, memory = self.encoder.remember(frames[-1][:, None], memory)
        return torch.stack(frames, 1).unflatten(2, self.picture_shape)


class Recurrent(nn.Module):
    """A frame encoder and an LSTM over its outputs.

    Arguments:
        num_pixels: Of a frame.
        hidden: Widths of the frame encoder.
        units: Of the LSTM.
    """

    def __init__(self, num_pixels: int, hidden: Sequence[int], units: int):
        super().__init__()
        self.frames = perceptron([num_pixels, *hidden], "relu")
        self.lstm = nn.LSTM(hidden[-1], units, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        """What is known after each frame: (B, T, units) of flat frames (B, T, pixels)."""
        return self.remember(x)[0]

    def step(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """One step of the LSTM, written out: units and cell (B, units) after flat frames (B, pixels)."""
        of_x, of_h, bias_x, bias_h = self.lstm.all_weights[0]
        seen = functional.linear(functional.relu(self.frames(x)), of_x, bias_x)
        into, kept, new, out = (seen + functional.linear(h, of_h, bias_h)).chunk(4, 1)
        c = torch.sigmoid(kept) * c + torch.sigmoid(into) * torch.tanh(new)
        return torch.sigmoid(out) * torch.tanh(c), c

    def remember(self, x: Tensor, memory: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """The same, going on from the memory of earlier frames; and the memory after the last one."""
        return self.lstm(functional.relu(self.frames(x)), memory)


def hide_frames(x: Tensor, share: float, generator: Generator | None = None) -> Tensor:
    """Sequences (B, T, pixels), in a share of which a run of at most half the frames is black or coin tosses."""
    size, length = x.shape[:2]

    def uniform(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator, device=x.device)

    first, count = (length * uniform(size, 1)).long(), 1 + (length // 2 * uniform(size, 1)).long()
    frame = torch.arange(length, device=x.device)
    hidden = (frame >= first) & (frame < first + count) & (uniform(size, 1) < share)
    tossed = torch.where(uniform(size, 1, 1) < 0.5, (uniform(*x.shape[1:]) < 0.5).float(), 0.0)
    return torch.where(hidden[..., None], tossed, x)


def jump_codes(longest: int, frequencies: int) -> Tensor:
    """A row for each length from 0 to the longest: one number of its own, or the phases of waves.

    Among 120 lengths each would be met too rarely; near ones are alike in waves of periods from 30 to 210 frames.
    """
    if frequencies == 0:
        return torch.eye(longest + 1)[:, 1:]
    phases = torch.arange(longest + 1)[:, None] * torch.linspace(0.03, 0.21, frequencies)
    return torch.cat([phases.cos(), phases.sin()], 1)
